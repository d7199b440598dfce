import type { SoakProgress } from '../rollout/schema/rollout.js';
import type { Colours } from './context.js';
import { seconds } from './figures.js';

const cells = 12;

/** Milliseconds that count at `now`: what is credited, and what has run since. */
const creditedAt = ({ credited, countingSince, required }: SoakProgress, now: number): number =>
  Math.min(required, credited + (countingSince === null ? 0 : Math.max(0, now - Date.parse(countingSince))));

/** `████████░░░░ 8s of 12s`, and what holds the clock up. */
export function soakBar(soak: SoakProgress, now: number, colours: Colours): string {
  const credited = creditedAt(soak, now);
  const full = Math.floor((cells * credited) / soak.required);
  const bar = colours.cyan('█'.repeat(full)) + colours.dim('░'.repeat(cells - full));
  return `${bar} ${seconds(credited, soak.required)} of ${seconds(soak.required)}${hindrance(soak, credited)}`;
}

function hindrance(soak: SoakProgress, credited: number): string {
  if (credited < soak.required) return soak.countingSince === null ? ', clock stopped' : '';
  return soak.checks.every((check) => check.verdict === 'pass') ? '' : `, needs evidence, at most ${seconds(soak.max)}`;
}
