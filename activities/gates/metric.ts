import type { Sample } from '../../src/judge/sample.js';
import type { ValueCheck } from '../../src/rollout/schema/check.js';
import type { Dependencies } from '../dependencies.js';
import type { Cursor, MetricSource } from '../ports/metric-source.js';
import { contextOf, sourceOf } from './connect.js';
import type { Seen, WorkAt } from './look.js';

/** Open while the number is within its bounds: a load, a replication lag. */
export async function lookAtMetric(
  dependencies: Dependencies, work: WorkAt<'metric'>, cursor: Cursor | undefined, signal: AbortSignal,
): Promise<Seen> {
  const { gate, settings } = work;
  if (settings.metrics === null) return { isOpen: false, saw: `${gate.name} asks for a number, and the pipeline names no metrics here` };
  const context = await contextOf(dependencies, work);
  const { name, query, max, min } = context.fill(gate);
  const look = await askValue(sourceOf(dependencies, settings.metrics, context), { name, query, max, min }, cursor, signal);
  return { ...judge(gate, look.sample), cursor: look.cursor };
}

/** Asks a source for one number. */
export async function askValue(
  source: MetricSource, question: Omit<ValueCheck, 'kind'>, cursor: Cursor | undefined, signal: AbortSignal,
): Promise<{ sample: Sample; cursor: Cursor }> {
  const { samples, cursor: next } = await source.look([{ kind: 'value', ...question }], cursor, signal);
  return { sample: samples[question.name] ?? { kind: 'no-data', reason: 'the source did not answer the question' }, cursor: next };
}

function judge({ name, max, min }: Pick<ValueCheck, 'name' | 'max' | 'min'>, sample: Sample): Seen {
  if (sample.kind !== 'value') return { isOpen: false, saw: `${name} is not known: ${whyUnknown(sample)}` };
  const { value } = sample;
  const isOpen = Number.isFinite(value) && (max === undefined || value <= max) && (min === undefined || value >= min);
  const bounds = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean).join(' and ');
  return { isOpen, saw: `${name} is ${value}, ${bounds}` };
}

/** Why a sample is no number, in words. */
export const whyUnknown = (sample: Exclude<Sample, { kind: 'value' }>): string =>
  sample.kind === 'ratio' ? 'a share came back where a number should' : sample.reason;
