import type { Sample } from '../../../src/judge/sample.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';

/** One metric of one region over all looks: its samples, and what they say for "it is as bad as it is" against "nothing has changed". */
export interface Measured {
  samples: Sample[];
  evidence: Float64Array;
}

interface Measuring {
  scenario: Scenario;
  random: Random;
  /** At each look. */
  requests: number[];
  /** The logarithm of what the region's metric is multiplied by without the release. */
  drifts: Float64Array;
  /** The logarithm of the release's effect. */
  worse(look: number): number;
}

type Measure = (measuring: Measuring) => Measured;

/** Each look's sample and evidence. */
const byLook = (measuring: Measuring, measure: (look: number, drift: number, worse: number) => [Sample, number]): Measured => {
  const looks = measuring.requests.length;
  const samples: Sample[] = [];
  const evidence = new Float64Array(looks);
  for (let look = 0; look < looks; look++) {
    [samples[look], evidence[look]] = measure(look, measuring.drifts[look] ?? 0, measuring.worse(look));
  }
  return { samples, evidence };
};

/** Bad requests of all; in clusters where the scenario says so: then the count is (nearly) negative binomial. */
export const measureRatio =
  (shareOf: (scenario: Scenario) => number): Measure =>
  (measuring) => {
    const { scenario, random, requests } = measuring;
    const share = shareOf(scenario);
    const clusters = scenario.clusters;
    return byLook(measuring, (look, drift, worse) => {
      const total = requests[look] ?? 0;
      const usual = Math.min(0.45, share * Math.exp(drift));
      const now = Math.min(0.9, usual * Math.exp(worse));
      const bad = random.binomial(total, Math.min(0.95, now * random.gammaAround1(clusters)));
      return [{ kind: 'ratio', bad, total }, worse === 0 ? 0 : ratioEvidence(bad, total, usual, now, clusters)];
    });
  };

function ratioEvidence(bad: number, total: number, usual: number, now: number, clusters: number): number {
  if (clusters === 0) return bad * Math.log(now / usual) + (total - bad) * Math.log((1 - now) / (1 - usual));
  const shape = 1 / clusters;
  return bad * Math.log(now / usual) - (bad + shape) * Math.log((shape + total * now) / (shape + total * usual));
}

const value =
  (base: number, sigmaOf: (scenario: Scenario) => number): Measure =>
  (measuring) => {
    const { scenario, random } = measuring;
    const sigma = sigmaOf(scenario);
    const { freedom } = scenario.valueNoise;
    return byLook(measuring, (_, drift, worse) => {
      const off = sigma * (freedom === undefined ? random.normal() : random.student(freedom));
      // The difference from what was to be expected is worse + off.
      const evidence = worse === 0 ? 0 : (worse * (worse + off - worse / 2)) / sigma ** 2;
      return [{ kind: 'value', value: base * Math.exp(drift + worse + off) }, evidence];
    });
  };

/** A quantile as a series of its own: seconds. */
export const latency = value(0.25, ({ valueNoise }) => valueNoise.sigma);

/** A gauge: the share of memory in use. */
export const memory = value(0.4, ({ valueNoise }) => valueNoise.sigma / 3);

/** The client libraries' default buckets (s). */
export const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Latencies are log-normal: their median (s), and the deviation of their logarithm. */
const median = 0.08;
const spread = 0.8;

/** What edges are called in a sample. */
const labels = edges.map(String);

export const durations: Measure = (measuring) => {
  const { scenario, random, requests } = measuring;
  const width = spread * Math.exp((scenario.shapes ?? 0) * random.normal());
  const pods = scenario.effect?.pods;
  return byLook(measuring, (look, drift, worse) => {
    const usual = classes(drift, width);
    const now = worse === 0 ? usual : pods === undefined ? classes(drift + worse, width) : mixed(usual, drift, worse, width, pods);
    const buckets: Record<string, number> = {};
    let left = requests[look] ?? 0;
    let [below, share, evidence] = [0, 1, 0];
    now.forEach((chance, at) => {
      const inside = at === edges.length ? left : random.binomial(left, Math.min(1, chance / share));
      if (worse !== 0 && inside > 0) evidence += inside * Math.log(chance / (usual[at] ?? chance));
      left -= inside;
      below += inside;
      share = Math.max(1e-15, share - chance);
      buckets[labels[at] ?? '+Inf'] = below;
    });
    return [{ kind: 'histogram', buckets }, evidence];
  });
};

/** The chance of each bucket (not cumulative). */
function classes(shift: number, width: number): number[] {
  let below = 0;
  const chances = edges.map((edge) => {
    const until = normalBelow((Math.log(edge / median) - shift) / width);
    const chance = Math.max(1e-12, until - below);
    below = until;
    return chance;
  });
  return [...chances, Math.max(1e-12, 1 - below)];
}

/** One pod of so many is slow, by as much as makes `worse` of all of them. */
function mixed(usual: number[], drift: number, worse: number, width: number, pods: number): number[] {
  const alone = Math.log(1 + (Math.exp(worse) - 1) * pods);
  const slow = classes(drift + alone, width);
  return usual.map((chance, at) => chance * (1 - 1 / pods) + (slow[at] ?? 0) / pods);
}

/** The standard normal distribution function: Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return z < 0 ? tail / 2 : 1 - tail / 2;
}
