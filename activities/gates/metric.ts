import type { Sample } from '../../src/judge/sample.js';
import { durationMs } from '../../src/rollout/duration.js';
import type { ValueCheck } from '../../src/rollout/schema/check.js';
import { windowMark } from '../../src/rollout/document/window-mark.js';
import type { Dependencies } from '../dependencies.js';
import type { MetricSource } from '../ports/metric-source.js';
import { contextOf, sourceOf } from './connect.js';
import type { Seen, WorkAt } from './look.js';

/** Open while the number is within its bounds: a load, a replication lag. */
export async function lookAtMetric(dependencies: Dependencies, work: WorkAt<'metric'>, signal: AbortSignal): Promise<Seen> {
  const { gate, settings } = work;
  if (settings.metrics === null) return { isOpen: false, saw: `${gate.name} asks for a number, and the pipeline names no metrics here` };
  const context = await contextOf(dependencies, work);
  const { name, query, max, min } = context.fill(gate);
  // A look at a gate stands alone: its window is the time between two looks, whether there was one before or not.
  const asked = query.replaceAll(windowMark, `${durationMs(gate.interval)}ms`);
  return judge(gate, await askValue(sourceOf(dependencies, settings.metrics, context), { name, query: asked, max, min }, signal));
}

/** Asks a source for one number. */
export async function askValue(source: MetricSource, question: Omit<ValueCheck, 'kind'>, signal: AbortSignal): Promise<Sample> {
  const { samples } = await source.look([{ kind: 'value', ...question }], undefined, signal);
  return samples[question.name] ?? { kind: 'no-data', reason: 'the source did not answer the question' };
}

function judge({ name, max, min }: Pick<ValueCheck, 'name' | 'max' | 'min'>, sample: Sample): Seen {
  if (sample.kind !== 'value') return { isOpen: false, saw: `${name} is not known: ${whyUnknown(sample)}` };
  const { value } = sample;
  const isOpen = Number.isFinite(value) && (max === undefined || value <= max) && (min === undefined || value >= min);
  const bounds = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean).join(' and ');
  return { isOpen, saw: `${name} is ${value}, ${bounds}` };
}

/** Why a sample is no number, in words. */
export function whyUnknown(sample: Exclude<Sample, { kind: 'value' }>): string {
  switch (sample.kind) {
    case 'ratio':
      return 'a share came back where a number should';
    case 'histogram':
      return 'a histogram came back where a number should';
    default:
      return sample.reason;
  }
}
