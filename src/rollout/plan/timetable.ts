import type { DeployTimes } from '../pipeline/deploy-times.js';
import { expectedDeploy } from './expected-deploy.js';
import { freezesAt, nextFreezeChange, type FrozenPlace } from '../control/freezes.js';
import { openingOf, type Holding } from './openings.js';
import type { Freeze } from '../schema/freeze.js';
import type { Hours } from '../schema/gate.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan, Timetable } from '../schema/plan.js';
import { clockOf, gatesAt } from '../document/settings.js';
import { minuteOf } from '../control/waits.js';
import { walkTimes, type Pace, type Stay } from './walk-times.js';
import { hoursOf, windowAt, type WindowState } from '../control/windows.js';

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
 * are not waited for, and the table says so. Estimates, no promise.
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

const row = ({ place, atMs, endMs, waits }: Stay, { deployMs }: TimetableQuestion): Timetable['regions'][number] => ({
  ...place,
  start: iso(atMs),
  end: iso(endMs),
  ...(waits !== undefined && { waits }),
  ...expectedDeploy(deployMs, place),
});

function paceOf({ document, freezes, deployMs }: TimetableQuestion): Pace {
  const { name: pipeline } = document;
  const ask = rememberingWindowAt();
  const windows = (environment: string, scope: 'phase' | 'wave' | 'region', region?: string): Holding[] => {
    const { timezone, offPeak } = clockOf(document, region);
    return gatesAt(document, environment, scope).flatMap((gate) =>
      gate.type === 'window' ? [windowOf(gate.name, hoursOf(gate, offPeak), gate.timezone ?? timezone ?? 'UTC', ask)] : []);
  };
  return {
    gate: (environment, scope, atMs) => openingOf(windows(environment, scope), atMs),
    place: (place, atMs) => openingOf([...windows(place.environment, 'region', place.region), freezesOf(freezes, { ...place, pipeline })], atMs),
    deployMs: (place) => expectedDeploy(deployMs, place).deployMs,
    soaked: (place, fromMs, soakMs) => soakEnd(freezes, { ...place, pipeline }, fromMs, soakMs),
  };
}

function windowOf(name: string, hours: Hours, timezone: string, ask: typeof windowAt): Holding {
  const what = `${name}, ${hours.from} to ${hours.to}${hours.days ? ` on ${hours.days.join(', ')}` : ''} in ${timezone}`;
  return (atMs) => {
    const { isOpen, changesAtMs } = ask(hours, timezone, atMs);
    return isOpen ? undefined : { untilMs: changesAtMs, what };
  };
}

/** Hundreds of places ask of the same few windows at the same few edges, and to ask tzdata is slow. */
function rememberingWindowAt(): typeof windowAt {
  const answers = new Map<string, WindowState>();
  return (hours, timezone, atMs) => {
    const key = JSON.stringify([hours, timezone, atMs]);
    const answer = answers.get(key) ?? windowAt(hours, timezone, atMs);
    answers.set(key, answer);
    return answer;
  };
}

const freezesOf = (freezes: Freeze[], place: FrozenPlace): Holding => (atMs) => {
  const [freeze] = freezesAt(freezes, place, atMs);
  if (freeze === undefined) return undefined;
  return freeze.until === null
    ? { untilMs: null, what: `the freeze ${freeze.name}, until somebody lifts it` }
    : { untilMs: Date.parse(freeze.until), what: `the freeze ${freeze.name}, until ${minuteOf(freeze.until)}` };
};

/** The clock of a soak stands still in a freeze, but for one that has no end. */
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
