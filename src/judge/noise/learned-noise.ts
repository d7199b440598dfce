import type { JudgedCheck } from '../soak.js';
import type { JudgeTimes } from '../times.js';
import { blend, driftSigma } from './blocks.js';
import { leastNoise, standardNoise, type Noise, type Reference } from './noise.js';

/** What the past of a check has shown, in the terms of its kind. */
export interface Shown {
  /** Looks that could be compared. */
  looks: number;
  /** The usual log ratio, zero where nothing was shown. */
  mean: number;
  /** There is enough to say where the log ratio stands. */
  isPlaced: boolean;
  /** Log ratio of each block, and how much of their variance is the noise of their own looks. */
  levels: number[];
  explained: number;
  /** Noise of one look besides counting, no less than the least that is assumed. */
  spread: number;
}

/** What was shown, with what is assumed of this kind as far as the past is too short. */
export function learnedNoise(kind: JudgedCheck['kind'], reference: Reference, times: JudgeTimes, shown: Shown): Omit<Noise, 'offsets'> {
  const { looks, mean, isPlaced, levels, explained, spread } = shown;
  const [least, standard] = [leastNoise[kind], standardNoise[kind]];
  const past = looks * times.step;
  const weight = Math.min(1, past / times.enoughPast);
  const sigma = driftSigma(levels, explained, { least: least.sigma, usual: standard.sigma[reference], pieces: past / (2 * times.relaxation) });
  return {
    reference: looks === 0 && reference === 'past' ? 'none' : reference,
    isLearned: weight >= 1,
    past,
    mean,
    sigma,
    startSd: isPlaced ? Math.max(sigma, least.startSd) : standard.startSd,
    spread: blend(spread, Math.max(spread, standard.spread), weight),
  };
}
