import { IANAZone } from 'luxon';
import { MeridianFailure } from '../failure.js';
import type { Hours, Weekday, WindowGate } from '../schema/gate.js';

/** Whether a window is open at a moment, and when that changes next (ms since the epoch). */
export interface WindowState {
  isOpen: boolean;
  changesAtMs: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A day has two edges: a month of them is more than a week of closed days and a gap of daylight-saving time in the one open hour. */
const mostEdges = 62;

/**
 * Judged by the clock on the wall there, and by nothing else: hours that a change to daylight-saving time skips do not come that day, and
 * hours that come twice are open twice. Needs tzdata, so it is never asked inside a workflow.
 */
export function windowAt(hours: Hours, timezone: string, atMs: number): WindowState {
  const zone = IANAZone.create(timezone);
  const isOpen = isOpenOnWall(hours, wallMs(zone, atMs));
  let changesAtMs = atMs;
  for (let edges = 0; edges < mostEdges; edges++) {
    changesAtMs = nextEdge(hours, zone, changesAtMs);
    if (isOpenOnWall(hours, wallMs(zone, changesAtMs)) !== isOpen) return { isOpen, changesAtMs };
  }
  throw new RangeError(`no change of the window ${hours.from} to ${hours.to} in ${timezone} after ${atMs}`);
}

/** The hours that a gate means. `offPeak` are those of the region that it stands at; null at a phase or wave, which has none. */
export function hoursOf(gate: WindowGate, offPeak: Hours | null): Hours {
  if (gate.offPeak !== true) return { from: gate.from!, to: gate.to!, ...(gate.days && { days: gate.days }) };
  if (offPeak === null) throw new MeridianFailure('GateFailed', `${gate.name} wants off-peak hours, which only a region has. Give it from, to and timezone.`);
  return offPeak;
}

/** What the clock on the wall shows, as milliseconds since the epoch of a clock that knows no time zones. */
const wallMs = (zone: IANAZone, atMs: number): number => atMs + zone.offset(atMs) * minuteMs;

function isOpenOnWall({ days = [...weekdays], from, to }: Hours, wall: number): boolean {
  const day = Math.floor(wall / dayMs);
  const time = wall - day * dayMs;
  const [fromMs, toMs] = [timeOfDayMs(from), timeOfDayMs(to)];
  if (fromMs < toMs) return fromMs <= time && time < toMs && days.includes(weekdayOf(day));
  // Over midnight: what is left of the night belongs to the day before, on which it opened.
  return (time >= fromMs && days.includes(weekdayOf(day))) || (time < toMs && days.includes(weekdayOf(day - 1)));
}

/** Weekday of the `day`-th day since the epoch, which was a Thursday. */
const weekdayOf = (day: number): Weekday => weekdays[(((day + 3) % 7) + 7) % 7]!;

/** `01:30` in milliseconds since midnight. */
const timeOfDayMs = (time: string): number => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMs;

/** The next moment at which the window could open or close: the wall clock shows one of its times, or the wall clock is changed. */
function nextEdge({ from, to }: Hours, zone: IANAZone, atMs: number): number {
  const time = ((wallMs(zone, atMs) % dayMs) + dayMs) % dayMs;
  const untilMs = Math.min(...[from, to].map((edge) => ((timeOfDayMs(edge) - time + dayMs - 1) % dayMs) + 1));
  return clockChange(zone, atMs, atMs + untilMs) ?? atMs + untilMs;
}

/** The first moment in (afterMs, untilMs] with another offset; undefined when the clock is not changed. At most a day, in which no clock is changed twice. */
function clockChange(zone: IANAZone, afterMs: number, untilMs: number): number | undefined {
  const before = zone.offset(afterMs);
  if (zone.offset(untilMs) === before) return undefined;
  let [same, changed] = [afterMs, untilMs];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (zone.offset(middle) === before) same = middle;
    else changed = middle;
  }
  return changed;
}
