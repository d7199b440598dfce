import type { CheckLook } from '../../../src/judge/sample.js';
import type { Peer, PeerOpinion } from '../peer.js';
import { logNormalCdf } from './normal.js';
import { readingOf, usualOf, type Usual } from './usual.js';

export type Sides = 'one' | 'two';

/** The ρ that makes the bound tightest at intrinsic time v: Howard et al. (2021), proposition 3; confseq `best_rho`. */
export function bestRho(v: number, alpha: number, sides: Sides): number {
  const spent = 2 * Math.log(1 / (sides === 'one' ? 2 * alpha : alpha));
  return v / (spent + Math.log(1 + spent));
}

/**
 * log of the normal mixture at a sum s with intrinsic time v: evidence that the mean is above 0, or (two-sided) not 0. Robbins (1970); Howard,
 * Ramdas, McAuliffe & Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), propositions
 * 5 and 6; gostevehoward/confseq, src/confseq/uniform_boundaries.h.
 */
export function logNormalMixture(s: number, v: number, rho: number, sides: Sides): number {
  const two = 0.5 * Math.log(rho / (v + rho)) + (s * s) / (2 * (v + rho));
  return sides === 'two' ? two : two + Math.LN2 + logNormalCdf(s / Math.sqrt(v + rho));
}

/** The sum that the mixture is 1 / alpha at: no sum of a mean of 0 is ever beyond it, but for a chance of alpha. */
export function normalMixtureBound(v: number, alpha: number, rho: number, sides: Sides): number {
  const wanted = Math.log(1 / alpha);
  const two = Math.sqrt((v + rho) * (Math.log1p(v / rho) + 2 * wanted));
  if (sides === 'two') return two;
  // One side is never above what two sides with half of the evidence need, and the mixture rises with s.
  let [low, high] = [0, two];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (logNormalMixture(middle, v, rho, sides) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const alpha = 0.05;

/**
 * The logarithm of region over reference at each look, less its usual mean, in its usual deviations: their sum against a normal mixture with
 * intrinsic time in looks, tightest at the end of the soak, α shared by all checks. The same turned round says what is excluded.
 */
export const normalMixture: Peer = {
  name: 'Normal mixture',
  about: 'one-sided normal-mixture test of the log ratio to the controls, mean and deviation from history, α 0.05 over all checks (Howard et al. 2021)',
  strictness: { what: 'ln(1 / α)', standard: Math.log(1 / alpha), from: 0.01, to: 1e6 },
  open: (soak, history, strictness) => {
    const looks = (soak.soak.duration ?? soak.soak.max) / soak.step;
    const usual = usualOf(soak, history);
    const share = alpha / usual.length;
    const rho = bestRho(looks, share, 'one');
    const bound = boundsFor(share, rho);
    const walks = usual.map((one): Walk => ({ usual: one, sum: 0, looks: 0 }));
    const bar = strictness + Math.log(usual.length);
    return {
      observe: (look): PeerOpinion => {
        for (const walk of walks) step(walk, look.checks[walk.usual.check.name]);
        const found = walks.find(({ sum, looks: v }) => isBeyond(sum, v, rho, bar));
        if (found !== undefined) return { decision: 'fail', why: `${found.usual.check.name}: ${(found.sum / found.looks).toFixed(2)} deviations above its mean` };
        const excluded = walks.map((walk) => excludedBy(walk, (v) => (bound[v] ??= normalMixtureBound(v, share, rho, 'one'))));
        return {
          decision: 'continue',
          excluded: excluded.length === 0 || excluded.includes(null) ? null : Math.max(...excluded.map((factor) => factor ?? Infinity)),
          proven: excluded.length > 0 && excluded.every((factor, at) => factor !== null && factor <= marginOf(walks[at]!.usual)),
        };
      },
    };
  },
};

/** Two sides, which are quicker to compute, have at least half of what one side has: most looks are done with that. */
const isBeyond = (sum: number, v: number, rho: number, bar: number): boolean =>
  logNormalMixture(sum, v, rho, 'two') + Math.LN2 >= bar && logNormalMixture(sum, v, rho, 'one') >= bar;

interface Walk {
  usual: Usual;
  /** Of the differences from the usual mean, in usual deviations. */
  sum: number;
  looks: number;
}

function step(walk: Walk, look: CheckLook | undefined): void {
  const difference = look && readingOf(look, walk.usual).difference;
  const { noise } = walk.usual;
  if (difference === undefined || noise === null) return;
  walk.sum += (difference - noise.mean) / noise.deviation;
  walk.looks++;
}

/** The smallest factor above 1 that is excluded: where the confidence sequence of the mean ends. */
function excludedBy({ usual: { noise }, sum, looks }: Walk, boundAt: (looks: number) => number): number | null {
  if (noise === null || looks === 0) return null;
  return Math.max(1, Math.exp((noise.deviation * (sum + boundAt(looks))) / looks));
}

/** Bounds by looks, for each α: the same for every soak of a kind. */
const bounds = new Map<string, number[]>();

function boundsFor(share: number, rho: number): number[] {
  const key = `${share} ${rho}`;
  const known = bounds.get(key) ?? [];
  bounds.set(key, known);
  return known;
}

const marginOf = ({ check }: Usual): number => check.margin ?? (check.kind === 'ratio' ? 1.5 : 1.1);
