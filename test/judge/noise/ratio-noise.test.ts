import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { standardNoise } from '../../../src/judge/noise/noise.js';
import { learnRatio } from '../../../src/judge/noise/ratio-noise.js';
import type { CheckLook } from '../../../src/judge/sample.js';
import { timesOf } from '../../../src/judge/times.js';
import { ratio } from '../looks.js';

const times = timesOf(30);
const day = 2_880;
const looksOf4h = 480;

interface World { looks: number; sigma: number; spread?: number; share?: number; offsets?: Record<string, number>; total?: number; mean?: number; seed?: string }

/** A region whose ratio to its controls drifts with `sigma`, and whose single looks scatter by `spread` besides. */
function pastOf({ looks, sigma, spread = 0, share = 0.01, offsets = { rome: 0, oslo: 0, lima: 0 }, total = 20_000, mean = 0, seed = 'ratio' }: World): CheckLook[] {
  const random = randomOf(seed);
  let theta = mean + sigma * random.normal();
  return Array.from({ length: looks }, () => {
    theta += (mean - theta) / 60 + sigma * Math.sqrt(2 / 60) * random.normal();
    const controls = Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, ratio(random.poisson(total * share * Math.exp(offset)), total)]));
    return { region: ratio(random.poisson(total * share * Math.exp(theta + Math.sqrt(spread) * random.normal())), total), controls };
  });
}

describe('the noise of a ratio', () => {
  it.each([0.15, 0.3, 0.6])('has the spread of the drift of a day (σ %d)', (sigma) => {
    const learned = learnRatio(pastOf({ looks: day, sigma, seed: `σ ${sigma}` }), 'controls', times);
    expect(learned.sigma / sigma).toBeGreaterThan(0.7);
    expect(learned.sigma / sigma).toBeLessThan(1.7);
    expect(Math.abs(learned.mean)).toBeLessThan(3 * sigma / Math.sqrt(day / 120));
  });

  it('has no more drift than the least where only counting makes it go up and down', () => {
    expect(learnRatio(pastOf({ looks: day, sigma: 0 }), 'controls', times).sigma).toBeLessThan(standardNoise.ratio.sigma.controls);
  });

  it('has the scatter of single looks beyond counting, per odds of a share', () => {
    const calm = learnRatio(pastOf({ looks: day, sigma: 0.02 }), 'controls', times).spread;
    const wild = learnRatio(pastOf({ looks: day, sigma: 0.02, spread: 0.05 }), 'controls', times).spread;
    expect(calm).toBeLessThan(0.01);
    expect(wild).toBeGreaterThan(0.02);
    expect(wild).toBeLessThan(0.1);
  });

  it('has the level of the region, and of each control against all of them', () => {
    const learned = learnRatio(pastOf({ looks: looksOf4h, sigma: 0.05, mean: 0.7, offsets: { rome: 0.5, oslo: 0, lima: -0.5 } }), 'controls', times);
    const all = Math.log((Math.exp(0.5) + 1 + Math.exp(-0.5)) / 3);
    expect(learned.offsets['rome']).toBeCloseTo(0.5 - all, 1);
    expect(learned.offsets['lima']).toBeCloseTo(-0.5 - all, 1);
    expect(Math.abs(learned.mean - (0.7 - all))).toBeLessThan(0.1);
  });

  it('is hardly moved by one wild block', () => {
    const past = pastOf({ looks: looksOf4h, sigma: 0.1 });
    const wild = past.map((look, index) => (index >= 100 && index < 110 ? { ...look, region: ratio(15_000, 20_000) } : look));
    const [before, after] = [learnRatio(past, 'controls', times), learnRatio(wild, 'controls', times)];
    expect(after.sigma).toBeLessThan(2 * before.sigma);
  });

  it('has its own level where the past is the reference', () => {
    const learned = learnRatio(pastOf({ looks: looksOf4h, sigma: 0.05 }), 'past', times);
    expect(learned).toMatchObject({ reference: 'past', isLearned: true });
    expect(learned.mean).toBeCloseTo(Math.log(0.01), 1);
  });

  it('is learned from four hours, and the standard one is mixed in below', () => {
    const [short, half, long] = [10, 240, looksOf4h].map((looks) => learnRatio(pastOf({ looks, sigma: 0.06 }), 'controls', times));
    expect([short!.isLearned, half!.isLearned, long!.isLearned]).toEqual([false, false, true]);
    expect(short!.sigma).toBeGreaterThan(half!.sigma);
    expect(half!.sigma).toBeGreaterThan(long!.sigma);
    expect(half!.past).toBe(7_200);
  });

  it('is the standard one without a past, and then only controls are a reference', () => {
    expect(learnRatio([], 'controls', times)).toMatchObject({ reference: 'controls', isLearned: false, past: 0, mean: 0, startSd: standardNoise.ratio.startSd, spread: standardNoise.ratio.spread, offsets: {} });
    expect(learnRatio([], 'controls', times).sigma).toBeCloseTo(standardNoise.ratio.sigma.controls, 9);
    expect(learnRatio([], 'past', times).reference).toBe('none');
  });

  it('can be learned where nothing ever was bad, from one block, and from a single look', () => {
    const quiet: CheckLook[] = Array.from({ length: looksOf4h }, () => ({ region: ratio(0, 100), controls: { rome: ratio(0, 100) } }));
    for (const past of [quiet, pastOf({ looks: 10, sigma: 0.1 }), pastOf({ looks: 1, sigma: 0.1 })]) {
      const { mean, sigma, startSd, spread } = learnRatio(past, 'controls', times);
      for (const figure of [mean, sigma, startSd, spread]) expect(Number.isFinite(figure)).toBe(true);
      expect(Math.min(sigma, startSd, spread)).toBeGreaterThan(0);
    }
    expect(learnRatio(quiet, 'controls', times)).toMatchObject({ mean: 0, offsets: {} });
  });

  it('counts only looks that could be compared', () => {
    const past = pastOf({ looks: looksOf4h, sigma: 0.1 }).map((look, index): CheckLook => (index % 2 === 0 ? look : { ...look, region: { kind: 'no-data', reason: '' } }));
    expect(learnRatio(past, 'controls', times)).toMatchObject({ past: 7_200, isLearned: false });
  });
});
