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
    const window = { at, checks: mergedOnce(gathered, checks) };
    gathered = [];
    while (next <= at) next += length;
    return window;
  };
}

/** By their last look, which looks were merged and what came of it: the same soak is seen again and again. */
const known = new WeakMap<Look, { looks: Look[]; checks: Window['checks'] }[]>();

function mergedOnce(looks: Look[], checks: JudgedSoak['checks']): Window['checks'] {
  const last = looks.at(-1)!;
  const before = known.get(last) ?? [];
  const same = before.find((one) => one.looks.length === looks.length && one.looks.every((look, at) => look === looks[at]));
  if (same !== undefined) return same.checks;
  const content = Object.fromEntries(checks.map(({ name }) => [name, mergedLooks(looks.flatMap((one) => one.checks[name] ?? []))]));
  known.set(last, [...before, { looks, checks: content }]);
  return content;
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
