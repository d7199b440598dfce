import type { DeployTimes } from './deploy-times.js';
import { freezesAt, nextFreezeChange, type FrozenPlace } from './freezes.js';
import { placeKey, type Place } from './places.js';
import type { Freeze } from './schema/freeze.js';
import type { Gate, Hours } from './schema/gate.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Plan, Timetable } from './schema/plan.js';
import { gateSettings, gatesAt } from './settings.js';
import { walkTimes, type Opening, type Pace, type Stay } from './walk-times.js';
import { hoursOf, windowAt } from './windows.js';

export interface TimetableQuestion {
  /** As the rollout uses it; see tailorDocument. */
  document: PipelineDocument;
  plan: Plan;
  nowMs: number;
  /** When it is to start; now when absent. */
  startAtMs?: number | undefined;
  freezes: Freeze[];
  /** How long the last deploys took. */
  deployMs: DeployTimes;
}

/**
 * When each place is expected to be changed, if nothing fails and every gate but windows opens at once. Freezes that nobody has given an end
 * are taken as lifted when they are met: the table says so. Estimates, no promise.
 */
export function timetable(question: TimetableQuestion): Timetable {
  const { plan: { phases }, nowMs, startAtMs = nowMs } = question;
  const startMs = Math.max(nowMs, startAtMs);
  const pace = paceOf(question);
  const { stays, endMs } = walkTimes(phases, startMs, 'min', pace);
  return {
    start: iso(startMs),
    end: iso(endMs),
    latest: iso(walkTimes(phases, startMs, 'max', pace).endMs),
    regions: stays.map((stay) => row(stay, question)),
  };
}

const row = ({ place: { environment, region, tenant }, atMs, endMs, waits }: Stay, { deployMs }: TimetableQuestion): Timetable['regions'][number] => ({
  environment, region, ...(tenant !== undefined && { tenant }),
  start: iso(atMs), end: iso(endMs),
  ...(waits !== undefined && { waits }),
  ...deployTime(deployMs, { environment, region, tenant }),
});

function paceOf({ document, freezes, deployMs }: TimetableQuestion): Pace {
  const { name: pipeline } = document;
  return {
    gate: (environment, scope, atMs) => openingOf(windowsAt(document, { environment }, scope).map((window) => windowHold(window)), atMs),
    place: (place, atMs) => openingOf([freezeHold(freezes, { ...place, pipeline }), ...windowsAt(document, place, 'region').map(windowHold)], atMs),
    deployMs: (place) => deployTime(deployMs, place).deployMs,
    soaked: (place, fromMs, soakMs) => soakEnd(freezes, { ...place, pipeline }, fromMs, soakMs),
  };
}

/** The middle of the past deploys there; where there were none, the middle of all; where there were none at all, a minute. */
function deployTime(times: DeployTimes, place: Place): { deployMs: number; isGuess: boolean } {
  const seen = times[placeKey(place)] ?? [];
  const deployMs = middle(seen) ?? middle(Object.values(times).flat()) ?? 60_000;
  return { deployMs, isGuess: seen.length === 0 };
}

const middle = (numbers: number[]): number | undefined => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Something that may keep a place from starting at a moment: until when (null: nobody knows), and what, in words. */
type Hold = (atMs: number) => { untilMs: number | null; what: string } | undefined;

interface Window {
  name: string;
  hours: Hours;
  timezone: string;
}

function windowsAt(document: PipelineDocument, where: { environment: string; region?: string; tenant?: string | undefined }, scope: 'phase' | 'wave' | 'region'): Window[] {
  const { timezone, offPeak } = gateSettings(document, { ...where, regions: [] });
  return gatesAt(document, where.environment, scope).flatMap((gate: Gate) =>
    gate.type === 'window' ? [{ name: gate.name, hours: hoursOf(gate, offPeak), timezone: gate.timezone ?? timezone ?? 'UTC' }] : []);
}

const windowHold = ({ name, hours, timezone }: Window): Hold => (atMs) => {
  const { isOpen, changesAtMs } = windowAt(hours, timezone, atMs);
  const days = hours.days ? ` on ${hours.days.join(', ')}` : '';
  return isOpen ? undefined : { untilMs: changesAtMs, what: `${name}, ${hours.from} to ${hours.to}${days} in ${timezone}` };
};

const freezeHold = (freezes: Freeze[], place: FrozenPlace): Hold => (atMs) => {
  const [freeze] = freezesAt(freezes, place, atMs);
  if (freeze === undefined) return undefined;
  const untilMs = freeze.until === null ? null : Date.parse(freeze.until);
  return { untilMs, what: `the freeze ${freeze.name}, until ${freeze.until ?? 'somebody lifts it'}` };
};

/** Windows that never meet would be tried for ever; this many edges are weeks of them. */
const mostHolds = 100;

/** The first moment from `fromMs` on at which nothing holds. */
function openingOf(holds: Hold[], fromMs: number): Opening {
  const waits: string[] = [];
  let atMs = fromMs;
  for (let count = 0; count < mostHolds; count++) {
    const hold = firstHold(holds, atMs);
    if (hold === undefined) return opening(atMs, waits);
    waits.push(hold.what);
    if (hold.untilMs === null) return opening(atMs, waits);
    atMs = hold.untilMs;
  }
  return { atMs: fromMs, waits: `${[...new Set(waits)].join(' and ')}: never open together in the coming weeks` };
}

function firstHold(holds: Hold[], atMs: number): ReturnType<Hold> {
  for (const hold of holds) {
    const found = hold(atMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

const opening = (atMs: number, waits: string[]): Opening => ({ atMs, ...(waits.length > 0 && { waits: [...new Set(waits)].join(', then ') }) });

/** The clock of a soak stands still in a freeze. One without an end is taken as lifted. */
function soakEnd(freezes: Freeze[], place: FrozenPlace, fromMs: number, soakMs: number): number {
  let [atMs, leftMs] = [fromMs, soakMs];
  for (;;) {
    const changeMs = nextFreezeChange(freezes, place, atMs);
    if (changeMs === null) return atMs + leftMs;
    const isFrozen = freezesAt(freezes, place, atMs).length > 0;
    if (!isFrozen && changeMs - atMs >= leftMs) return atMs + leftMs;
    if (!isFrozen) leftMs -= changeMs - atMs;
    atMs = changeMs;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
