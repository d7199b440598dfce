import { outcomeOf } from '../../../bench/judge/outcome.js';
import type { Peer } from '../../../bench/judge/peer.js';
import type { CheckLook, Look } from '../../../src/judge/sample.js';
import type { JudgedCheck, JudgedSoak } from '../../../src/judge/soak.js';

export interface Told {
  soak: JudgedSoak;
  history: Look[];
  looks: Look[];
}

const step = 30;
const deployAt = 1_000_000;

/** A soak of one check without any randomness: what it shows at each look, counted from 0, before the deploy and since. */
export function soakOf(check: JudgedCheck, minutes: number, before: (at: number) => CheckLook, since: (at: number) => CheckLook): Told {
  const looksIn = (count: number, from: number, show: (at: number) => CheckLook): Look[] =>
    Array.from({ length: count }, (_, at) => ({ t: deployAt + from + at * step, checks: { [check.name]: show(at) } }));
  const looks = (minutes * 60) / step;
  return {
    soak: { deployAt, step, checks: [check], soak: { min: 600, max: minutes * 60 } },
    history: looksIn(120, -120 * step, before),
    looks: looksIn(looks, step, since),
  };
}

export interface RatioSoak {
  minutes: number;
  /** Bad requests at each look, of 10,000. */
  bad: (at: number) => number;
  controlBad: (at: number) => number;
  /** Those of the region before the deploy; the controls' when absent. */
  historyBad?: (at: number) => number;
  objective?: number;
}

export const requests = 10_000;

/** A ratio in a region and one control. */
export function ratioSoak({ minutes, bad, controlBad, historyBad = controlBad, objective = 0.98 }: RatioSoak): Told {
  const show = (region: (at: number) => number) => (at: number): CheckLook => ({
    region: { kind: 'ratio', bad: region(at), total: requests },
    controls: { other: { kind: 'ratio', bad: controlBad(at), total: requests } },
  });
  return soakOf({ name: 'errors', kind: 'ratio', objective }, minutes, show(historyBad), show(bad));
}

/** What is not `continue`, with seconds since the deploy. */
export function decisionsOf(peer: Peer, { soak, history, looks }: Told, strictness = peer.strictness.standard): [number, string][] {
  const { failed, passed } = outcomeOf(peer, { soak, history, looks, bad: [], evidence: [] }, strictness);
  return [...(failed === null ? [] : [[failed * 60, 'fail'] as [number, string]]), ...(passed === null ? [] : [[passed * 60, 'pass'] as [number, string]])];
}
