import type { Peer, PeerOpinion } from './peer.js';
import type { SimulatedSoak } from './simulator/world.js';

/** What became of one soak under one judge. Minutes count from the deploy; null is never. */
export interface Outcome {
  failed: number | null;
  held: number | null;
  passed: number | null;
  /** First said that nothing got worse by ×2. */
  safe: number | null;
  /** First said that nothing got worse by the margin. */
  proven: number | null;
  /** Failed requests in the region until the soak ended. */
  bad: number;
  /** What it said when it first held and when it failed. */
  why: string[];
}

/** Runs one judge over one soak, until it fails or passes. */
export function outcomeOf(peer: Peer, { soak, history, looks, bad }: SimulatedSoak, strictness: number): Outcome {
  const judge = peer.open(soak, history, strictness);
  const outcome: Outcome = { failed: null, held: null, passed: null, safe: null, proven: null, bad: 0, why: [] };
  for (const [at, look] of looks.entries()) {
    outcome.bad += bad[at] ?? 0;
    note(outcome, judge.observe(look), (look.t - soak.deployAt) / 60);
    if (outcome.failed !== null || outcome.passed !== null) break;
  }
  return outcome;
}

const ends = { fail: 'failed', hold: 'held', pass: 'passed' } as const;

function note(outcome: Outcome, { decision, excluded, proven, why }: PeerOpinion, minute: number): void {
  if (typeof excluded === 'number' && excluded <= 2) outcome.safe ??= minute;
  if (proven === true) outcome.proven ??= minute;
  if (decision === 'continue' || outcome[ends[decision]] !== null) return;
  outcome[ends[decision]] = minute;
  if (decision !== 'pass' && why !== undefined) outcome.why.push(`${minute} min ${why}`);
}

/** The smallest strictness at which this soak does not fail, between the peer's bounds: by bisection on the logarithm. */
export function criticalStrictness(peer: Peer, simulated: SimulatedSoak): number {
  const fails = (strictness: number): boolean => outcomeOf(peer, simulated, strictness).failed !== null;
  if (!fails(peer.strictness.from)) return peer.strictness.from;
  if (fails(peer.strictness.to)) return Infinity;
  let [low, high] = [Math.log(peer.strictness.from), Math.log(peer.strictness.to)];
  while (high - low > 0.02) {
    const middle = (low + high) / 2;
    if (fails(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}
