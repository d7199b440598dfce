import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { Belief } from '../../../src/judge/drift/belief.js';
import { gridAround, overGrid, type Grid } from '../../../src/judge/drift/grid.js';
import { Hypotheses, logMean, logSum, type HypothesesState } from '../../../src/judge/drift/hypotheses.js';
import { kernelOf } from '../../../src/judge/drift/kernel.js';
import { ratioLikelihood } from '../../../src/judge/kinds/ratio-likelihood.js';

const effects = { looked: [0.4, 0.7, 1.1], rare: 1, measured: [-0.5, 0.4, 0.7] };
const noise = { mean: 0.1, sigma: 0.15, startSd: 0.3, share: 1 / 60, known: 1 };
const grid: Grid = gridAround(noise.mean, 1, 0.05, { smallest: -0.5, largest: 1.1 });
const opened = (onsets = 3): Hypotheses => new Hypotheses(grid, effects, noise, onsets);
const deployed = (onsets = 3): Hypotheses => {
  const hypotheses = opened(onsets);
  hypotheses.deploy();
  return hypotheses;
};
const bell = (seen: number, sd = 0.2): Float64Array => overGrid(grid, (level) => Math.exp(-0.5 * ((seen - level) / sd) ** 2));

/** What a look says that counts `bad` of the four bad requests of a small region and its controls. */
const counted = 4;
const seen = Array.from({ length: counted + 1 }, (_, bad) =>
  ratioLikelihood({ bad, total: 30, controlBad: counted - bad, controlTotal: 90, controls: [] }, grid, 0.05));

/** Probability of these looks while nothing but drift goes on. */
function withoutEffect(looks: Float64Array[]): number {
  const belief = Belief.bell(grid.points, grid, { mean: noise.mean, sd: noise.startSd });
  const scratch = new Float64Array(grid.points);
  return Math.exp(looks.reduce((sum, look) => {
    belief.drift(kernelOf(grid, noise), scratch);
    return sum + belief.weigh(look, grid.below);
  }, 0));
}

const every = (length: number): number[][] =>
  length === 0 ? [[]] : every(length - 1).flatMap((path) => seen.map((_, bad) => [...path, bad]));

/** Mean of the evidence over everything that can be seen, while nothing got worse. */
function meanEvidence(looks: number, onsetsBefore: number[]): number {
  return every(looks).reduce((sum, path) => {
    const hypotheses = deployed();
    path.forEach((bad, index) => {
      for (const onset of onsetsBefore) if (onset === index) hypotheses.onset();
      hypotheses.observe(seen[bad]!);
    });
    return sum + withoutEffect(path.map((bad) => seen[bad]!)) * Math.exp(hypotheses.logE);
  }, 0);
}

describe('the evidence that something got worse', () => {
  it('is one in the mean over all that can be seen, while nothing got worse', () => {
    expect(Math.abs(meanEvidence(1, []) - 1)).toBeLessThan(1e-6);
    expect(Math.abs(meanEvidence(2, []) - 1)).toBeLessThan(1e-6);
  });

  it('is so too where it may have begun later', () => {
    expect(Math.abs(meanEvidence(2, [1]) - 1)).toBeLessThan(1e-6);
    expect(Math.abs(meanEvidence(2, [0, 1, 1]) - 1)).toBeLessThan(1e-6);
    expect(Math.abs(meanEvidence(3, [1, 2]) - 1)).toBeLessThan(1e-6);
  });

  it('reaches 20 : 1 in fewer than one of twenty soaks in which only drift goes on, looked at each time', () => {
    const random = randomOf('sup E');
    let alarms = 0;
    const soaks = 300;
    for (let soak = 0; soak < soaks; soak++) {
      const hypotheses = opened();
      let theta = noise.mean + noise.startSd * random.normal();
      let most = 0;
      for (let look = -10; look < 50; look++) {
        theta += noise.share * (noise.mean - theta) + noise.sigma * Math.sqrt(2 * noise.share) * random.normal();
        if (look === 0) hypotheses.deploy();
        if (look > 0 && look % 10 === 0) hypotheses.onset();
        hypotheses.observe(bell(theta + 0.2 * random.normal()));
        if (look >= 0) most = Math.max(most, hypotheses.logE);
      }
      if (most >= Math.log(20)) alarms += 1;
    }
    expect(alarms / soaks).toBeLessThan(1 / 20);
  });

  it('is nothing before the first look, whatever may still begin', () => {
    for (const onsets of [1, 3, 7]) {
      const hypotheses = deployed(onsets);
      expect(hypotheses.logE).toBeCloseTo(0, 9);
      for (let onset = 0; onset < onsets + 2; onset++) {
        hypotheses.onset();
        expect(hypotheses.logE).toBeCloseTo(0, 6);
      }
    }
  });

  it('is half of that of the deploy at least; onsets after the time of the soak add little, and never more than all of it', () => {
    const [with1, with5, with500] = [deployed(1), deployed(1), deployed(1)];
    with1.onset();
    for (let onset = 0; onset < 5; onset++) with5.onset();
    for (let onset = 0; onset < 500; onset++) with500.onset();
    // The weights are those of one mixture: without a look it is worth one.
    for (const hypotheses of [with1, with5, with500]) expect(hypotheses.logE).toBeCloseTo(0, 9);
    for (const hypotheses of [with1, with5]) for (let look = 0; look < 5; look++) hypotheses.observe(bell(1));
    expect(with5.logE).toBeGreaterThanOrEqual(with1.logE);
    expect(with5.logE - with1.logE).toBeLessThan(Math.log(1 + 0.125 / 0.875));
    const fromDeploy = logMean(deployedMeasures(5, 1));
    expect(with1.logE).toBeGreaterThan(fromDeploy + Math.log(0.5) - 1e-6);
  });

  it('finds what began later sooner when that moment is among its onsets', () => {
    const watch = (onsetAt: number | undefined): number => {
      const hypotheses = deployed();
      for (let look = 0; look < 30; look++) {
        if (look === onsetAt) hypotheses.onset();
        hypotheses.observe(bell(look < 20 ? 0.1 : 0.8));
      }
      return hypotheses.logE;
    };
    expect(watch(20)).toBeGreaterThan(watch(undefined) + 1);
  });

  it('rises with a look that is likelier the higher the ratio, falls with the contrary, and stays where a look says nothing', () => {
    fc.assert(fc.property(fc.double({ min: 0.2, max: 4, noNaN: true }), fc.integer({ min: 0, max: 5 }), (slope, looks) => {
      const after = (likelihood: (level: number) => number): number => {
        const hypotheses = deployed();
        for (let look = 0; look < looks; look++) hypotheses.observe(bell(0.3));
        const before = hypotheses.logE;
        hypotheses.observe(overGrid(grid, likelihood));
        return hypotheses.logE - before;
      };
      expect(after((level) => Math.exp(slope * level))).toBeGreaterThan(0);
      expect(after((level) => Math.exp(-slope * level))).toBeLessThan(0);
      expect(after(() => 0.37)).toBeCloseTo(0, 6);
    }), { numRuns: 25 });
  });

  it('does not depend on the scale of a likelihood', () => {
    const [plain, scaled] = [deployed(), deployed()];
    for (let look = 0; look < 10; look++) {
      plain.observe(bell(0.5));
      scaled.observe(bell(0.5).map((each) => each * 1e-30));
    }
    expect(scaled.logE).toBeCloseTo(plain.logE, 6);
  });

  it('goes the same way after it was written down as JSON at any look', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 12 }), fc.nat(11), (looks, at) => {
      let hypotheses = deployed();
      const straight = deployed();
      looks.forEach((look, index) => {
        if (index % 4 === 3) for (const each of [hypotheses, straight]) each.onset();
        for (const each of [hypotheses, straight]) each.observe(bell(look));
        if (index === at) hypotheses = opened().restore(JSON.parse(JSON.stringify(hypotheses.save())) as HypothesesState);
      });
      expect([hypotheses.logE, ...hypotheses.measuredLogE]).toEqual([straight.logE, ...straight.measuredLogE]);
    }), { numRuns: 25 });
  });
});

/** Evidence for each size that is looked for, all of it from the deploy on. */
function deployedMeasures(looks: number, level: number): number[] {
  const hypotheses = new Hypotheses(grid, { looked: [], rare: 0, measured: effects.looked }, noise, 1);
  hypotheses.deploy();
  for (let look = 0; look < looks; look++) hypotheses.observe(bell(level));
  return hypotheses.measuredLogE;
}

describe('where the log ratio stands', () => {
  it('is followed while it drifts, and known worse after looks that brought nothing', () => {
    const hypotheses = opened();
    for (let look = 0; look < 200; look++) hypotheses.observe(bell(0.4));
    expect(hypotheses.level.mean).toBeCloseTo(0.37, 1);
    const { sd } = hypotheses.level;
    hypotheses.wait(60);
    expect(hypotheses.level.sd).toBeGreaterThan(sd);
  });

  it('is handed to another judge as its start', () => {
    const first = opened();
    for (let look = 0; look < 50; look++) first.observe(bell(0.5));
    expect(opened().startFrom(first).level).toEqual(first.level);
  });
});

describe('sums of logarithms', () => {
  it('hold where the numbers themselves would not', () => {
    expect(logSum(1_000, 1_000)).toBeCloseTo(1_000 + Math.LN2, 9);
    expect(logSum(-Infinity, -5)).toBe(-5);
    expect(logSum(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logMean([-2_000, -2_000])).toBeCloseTo(-2_000, 9);
    expect(logMean([0, -Infinity])).toBeCloseTo(-Math.LN2, 9);
  });
});
