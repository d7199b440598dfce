import type { CheckLook, Look, Sample } from '../../../src/judge/sample.js';
import type { JudgedSoak } from '../../../src/judge/soak.js';
import { merged } from './level.js';

/** Peers that look at their own pace are shown windows, one after the other, never overlapping. */
export interface Window {
  /** Its end, seconds since the deploy. */
  at: number;
  checks: Record<string, CheckLook>;
}

/** Gathers looks since the deploy and gives a window back when one is full: `seconds` long, or one look where looks are further apart. */
export function windowsOf({ deployAt, step, checks }: JudgedSoak, seconds: number): (look: Look) => Window | null {
  const length = Math.max(seconds, step);
  let gathered: Look[] = [];
  let next = length;
  return (look) => {
    gathered.push(look);
    const at = look.t - deployAt;
    if (at < next) return null;
    const window = { at, checks: Object.fromEntries(checks.map(({ name }) => [name, mergedLooks(gathered.flatMap((one) => one.checks[name] ?? []))])) };
    gathered = [];
    while (next <= at) next += length;
    return window;
  };
}

function mergedLooks(looks: CheckLook[]): CheckLook {
  const only = looks[0];
  if (looks.length === 1 && only !== undefined) return only;
  const names = [...new Set(looks.flatMap(({ controls }) => Object.keys(controls)))];
  return {
    region: merged(looks.map(({ region }) => region)),
    controls: Object.fromEntries(names.map((name): [string, Sample] => [name, merged(looks.flatMap(({ controls }) => controls[name] ?? []))])),
  };
}
