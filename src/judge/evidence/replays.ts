import { Hypotheses, type DriftNoise, type Effects } from '../drift/hypotheses.js';
import type { Grid } from '../drift/grid.js';

/** Pretended deploys over the past, at most so many. */
const mostReplays = 96;

/** The belief needs some looks to find out where the ratio stands. */
const looksBefore = 20;

/** A look of the past; null where it could not be compared. */
export type PastLook = Float64Array | null;

export interface Replaying {
  grid: Grid;
  effects: Effects;
  noise: DriftNoise;
  onsets: number;
  /** Looks between two onsets, and in a whole soak. */
  onsetLooks: number;
  soakLooks: number;
}

/**
 * How much evidence the judge would have seen, at most, in soaks of the past in which nothing was deployed: by how much the real noise is
 * worse than the one that is assumed. Logarithms, in order.
 */
export function replays(past: PastLook[], replaying: Replaying): number[] {
  const { onsetLooks, soakLooks } = replaying;
  const length = Math.min(soakLooks, Math.floor(past.length / 2));
  const first = Math.min(looksBefore, past.length - length);
  const room = past.length - length - first;
  if (length < onsetLooks || room < 0) return [];
  const apart = Math.max(onsetLooks, Math.round(length / 6), Math.ceil(room / (mostReplays - 1)));
  const found: number[] = [];
  const running = watcher(replaying);
  for (let at = 0; at <= past.length - length; at++) {
    if (at >= first && (at - first) % apart === 0) found.push(highest(past.slice(at, at + length), running, replaying));
    pass(running, past[at]!);
  }
  return found.toSorted((left, right) => left - right);
}

function highest(looks: PastLook[], before: Hypotheses, replaying: Replaying): number {
  const pretended = watcher(replaying).startFrom(before);
  pretended.deploy();
  let most = 0;
  looks.forEach((look, index) => {
    if (index > 0 && index % replaying.onsetLooks === 0) pretended.onset();
    pass(pretended, look);
    most = Math.max(most, pretended.logE);
  });
  return most;
}

const watcher = ({ grid, effects, noise, onsets }: Replaying): Hypotheses => new Hypotheses(grid, { ...effects, measured: [] }, noise, onsets);

const pass = (hypotheses: Hypotheses, look: PastLook): void => (look === null ? hypotheses.wait(1) : hypotheses.observe(look));

/** The `part` quantile of values in order. */
export const quantile = (values: number[], part: number): number => values[Math.min(values.length - 1, Math.ceil(part * values.length) - 1)] ?? 0;
