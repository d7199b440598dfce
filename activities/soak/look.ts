import { plainSample } from '../../src/judge/replay/plain-sample.js';
import type { Look, Sample } from '../../src/judge/sample.js';
import type { Check } from '../../src/rollout/schema/check.js';
import type { ConnectedMetrics } from '../connect.js';
import type { Cursor, SourceLook } from '../ports/metric-source.js';
import type { Sources, Unreadable } from './sources.js';

/** Where the sources stand. */
export interface Cursors {
  region: Cursor;
  /** By the control's name. */
  controls: Record<string, Cursor>;
}

export interface Asking {
  signal: AbortSignal;
  /** A control that takes longer than this is passed over: the region's own samples do not wait for it. */
  patienceMs: number;
}

/** Reasons are kept with the samples: the region's whole, a control's for as much as tells one fault from another. */
const reasonLength = { region: 400, control: 120 } as const;

/** Asks the region and its controls once, all at the same time. */
export async function lookAtAll(sources: Sources, cursors: Cursors | undefined, asking: Asking): Promise<{ checks: Look['checks']; cursors: Cursors }> {
  const { region } = sources;
  const [own, others] = await Promise.all([lookAtRegion(region, cursors?.region, asking.signal), lookAtControls(sources.controls, cursors?.controls, asking)]);
  const sampleOfAll = (check: Check) => ({
    region: sampleOf(own, check, reasonLength.region),
    controls: Object.fromEntries(others.map((other) => [other.name, sampleOf(other, check, reasonLength.control)])),
  });
  return {
    checks: Object.fromEntries(region.checks.map((check) => [check.name, sampleOfAll(check)])),
    cursors: { region: own.cursor, controls: Object.fromEntries(others.map(({ name, cursor }) => [name, cursor])) },
  };
}

/** What a place answered; without samples, why it did not. */
type Answer = Pick<SourceLook, 'cursor'> & { samples: SourceLook['samples'] } | { cursor: Cursor; silence: Sample };

async function lookAtRegion({ source, checks }: ConnectedMetrics, cursor: Cursor, signal: AbortSignal): Promise<Answer> {
  if (source === null) return { cursor, silence: { kind: 'error', reason: 'the pipeline names no metrics' } };
  return source.look(checks, cursor, signal);
}

async function lookAtControls(controls: Sources['controls'], cursors: Cursors['controls'] | undefined, { signal, patienceMs }: Asking): Promise<(Answer & { name: string })[]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(`no answer within ${patienceMs} ms`), patienceMs);
  const ending = { signal, late: late.signal, any: AbortSignal.any([signal, late.signal]) };
  try {
    return await Promise.all(Object.entries(controls).map(async ([name, control]) => ({ name, ...(await lookAtControl(control, cursors?.[name], ending)) })));
  } finally {
    clearTimeout(timer);
  }
}

/** A control never stops a look: what it does not answer is no data of it, and the next look counts what this one missed. */
async function lookAtControl(control: ConnectedMetrics | Unreadable, cursor: Cursor, { signal, late, any }: Record<'signal' | 'late' | 'any', AbortSignal>): Promise<Answer> {
  if ('unreadable' in control) return { cursor, silence: { kind: 'error', reason: control.unreadable } };
  try {
    return await lookAtRegion(control, cursor, any);
  } catch (error) {
    signal.throwIfAborted();
    const reason = late.aborted ? String(late.reason) : error instanceof Error ? error.message : String(error);
    return { cursor, silence: { kind: 'error', reason } };
  }
}

// Own properties only: `constructor` is a fine name for a check.
function sampleOf(answer: Answer, { name }: Check, longest: number): Sample {
  if ('silence' in answer) return short(answer.silence, longest);
  const sample = Object.hasOwn(answer.samples, name) ? answer.samples[name] : undefined;
  return short(plainSample(sample ?? { kind: 'error', reason: 'the source left this check out of its answer' }), longest);
}

const short = (sample: Sample, longest: number): Sample => ('reason' in sample ? { ...sample, reason: sample.reason.slice(0, longest) } : sample);
