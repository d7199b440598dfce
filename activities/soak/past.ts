import { plainSample } from '../../src/judge/replay/plain-sample.js';
import type { CheckLook, Look, Sample } from '../../src/judge/sample.js';
import { listNames } from '../../src/rollout/list-names.js';
import type { History } from '../ports/metric-source.js';
import type { SoakWork } from '../work.js';
import type { Sources } from './sources.js';

/** A day of half minutes. Where looks come more often, all times of the judge are shorter too, and so is the past that it learns from. */
const longestPast = 2_880;

export interface Past {
  /** Looks before the place was changed, oldest first. */
  looks: Look[];
  /** What could not be read and why, in words. A source that keeps no past is no fault. */
  notes: string[];
}

interface Range {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** What the checks showed before the place was changed, there and in the controls. A past that cannot be read is none: no fault of the release. */
export async function readPast({ region, controls }: Sources, work: SoakWork, signal: AbortSignal): Promise<Past> {
  const range = rangeOf(work);
  const read = async (name: string, metrics: Sources['controls'][string]) => ({ name, ...(await readOne(metrics, range, signal)) });
  const [own, ...others] = await Promise.all([
    read(work.region, region),
    ...Object.entries(controls).map(([name, metrics]) => read(name, metrics)),
  ]);
  const looks = own.past === undefined ? [] : merge(range, own.past, Object.fromEntries(others.flatMap(({ name, past }) => (past === undefined ? [] : [[name, past]]))));
  return { looks, notes: notesOf([own, ...others]) };
}

/** One note for each reason. */
function notesOf(places: { name: string; why?: string }[]): string[] {
  const reasons = [...new Set(places.flatMap(({ why }) => why ?? []))];
  return reasons.map((reason) => `the past of ${listNames(places.filter(({ why }) => why === reason).map(({ name }) => name))} could not be read: ${reason}`);
}

function rangeOf({ changedAt, settings: { soak } }: SoakWork): Range {
  const toMs = Date.parse(changedAt);
  return { fromMs: toMs - Math.min(soak.historyMs, longestPast * soak.intervalMs), toMs, stepMs: soak.intervalMs };
}

type PastOf = Record<string, History>;

async function readOne(metrics: Sources['controls'][string], range: Range, signal: AbortSignal): Promise<{ past?: PastOf; why?: string }> {
  if ('unreadable' in metrics) return { why: metrics.unreadable };
  if (metrics.source === null) return {};
  try {
    return { past: await metrics.source.history(metrics.checks, range, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Steps of all places and checks side by side, as looks. */
function merge(range: Range, own: PastOf, controls: Record<string, PastOf>): Look[] {
  const steps = new Map<number, Map<string, CheckLook>>();
  const at = (atMs: number, check: string): CheckLook => {
    const step = Math.round((atMs - range.fromMs) / range.stepMs);
    const checks = steps.get(step) ?? new Map<string, CheckLook>();
    steps.set(step, checks);
    const look = checks.get(check) ?? { region: nothingKept, controls: {} };
    checks.set(check, look);
    return look;
  };
  for (const [check, history] of Object.entries(own)) for (const { atMs, sample } of history) at(atMs, check).region = plainSample(sample);
  for (const [name, past] of Object.entries(controls)) {
    for (const [check, history] of Object.entries(past)) for (const { atMs, sample } of history) at(atMs, check).controls[name] = plainSample(sample);
  }
  return [...steps].toSorted(([a], [b]) => a - b)
    .map(([step, checks]) => ({ t: (range.fromMs + step * range.stepMs) / 1_000, checks: Object.fromEntries(checks) }));
}

const nothingKept: Sample = { kind: 'no-data', reason: 'nothing was kept of this time' };
