import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { leastNoise, standardNoise } from '../../../src/judge/noise/noise.js';
import { learnValue } from '../../../src/judge/noise/value-noise.js';
import type { CheckLook } from '../../../src/judge/sample.js';
import { timesOf } from '../../../src/judge/times.js';
import { empty, value } from '../looks.js';

const times = timesOf(30);
const day = 2_880;

/** `correlation` of the noise of one look with that of the look before. */
function pastOf({ looks, sigma, noise = 0.05, correlation = 0, offset = 0, seed = 'value' }: { looks: number; sigma: number; noise?: number; correlation?: number; offset?: number; seed?: string }): CheckLook[] {
  const random = randomOf(seed);
  let theta = sigma * random.normal();
  let single = noise * random.normal();
  return Array.from({ length: looks }, () => {
    theta += -theta / 60 + sigma * Math.sqrt(2 / 60) * random.normal();
    single = correlation * single + noise * Math.sqrt(1 - correlation ** 2) * random.normal();
    return { region: value(100 * Math.exp(theta + single)), controls: { rome: value(100 * Math.exp(offset)), oslo: value(100 * Math.exp(-offset)) } };
  });
}

describe('the noise of a value', () => {
  it.each([0.05, 0.1, 0.3])('has the spread of the drift of a day (σ %d)', (sigma) => {
    const learned = learnValue(pastOf({ looks: day, sigma, seed: `σ ${sigma}` }), 'controls', times);
    expect(learned.sigma / sigma).toBeGreaterThan(0.7);
    expect(learned.sigma / sigma).toBeLessThan(1.7);
  });

  it('has the variance of one look', () => {
    const { spread } = learnValue(pastOf({ looks: day, sigma: 0.01, noise: 0.05 }), 'controls', times);
    expect(Math.sqrt(spread)).toBeGreaterThan(0.04);
    expect(Math.sqrt(spread)).toBeLessThan(0.065);
  });

  it('is larger where looks follow each other closely: ten of them say less than ten', () => {
    const free = learnValue(pastOf({ looks: day, sigma: 0.01 }), 'controls', times).spread;
    const tied = learnValue(pastOf({ looks: day, sigma: 0.01, correlation: 0.7 }), 'controls', times).spread;
    expect(tied).toBeGreaterThan(1.5 * free);
  });

  it('has the level of each control against all of them', () => {
    expect(learnValue(pastOf({ looks: 480, sigma: 0.05, offset: 0.4 }), 'controls', times).offsets).toEqual({ rome: expect.closeTo(0.4, 9), oslo: expect.closeTo(-0.4, 9) });
  });

  it('is hardly moved by one wild block', () => {
    const past = pastOf({ looks: 480, sigma: 0.1 });
    const wild = past.map((look, index) => (index >= 100 && index < 110 ? { ...look, region: value(90_000 + 100 * index) } : look));
    const [before, after] = [learnValue(past, 'controls', times), learnValue(wild, 'controls', times)];
    expect(after.sigma).toBeLessThan(2 * before.sigma);
    expect(after.spread).toBeLessThan(2 * before.spread);
    expect(Math.abs(after.mean - before.mean)).toBeLessThan(0.05);
  });

  it('has the standard one mixed in below four hours, and is that without a past', () => {
    expect(learnValue(pastOf({ looks: 480, sigma: 0.02 }), 'controls', times).isLearned).toBe(true);
    expect(learnValue(pastOf({ looks: 240, sigma: 0.02 }), 'controls', times).isLearned).toBe(false);
    expect(learnValue([], 'controls', times)).toMatchObject({ reference: 'controls', isLearned: false, mean: 0, startSd: standardNoise.value.startSd, offsets: {} });
    expect(learnValue([], 'past', times).reference).toBe('none');
  });

  it('is never less than the least, where a value does not move at all', () => {
    const still: CheckLook[] = Array.from({ length: 480 }, () => ({ region: value(7), controls: { rome: value(7) } }));
    const { mean, sigma, spread } = learnValue(still, 'controls', times);
    expect(sigma).toBeGreaterThanOrEqual(leastNoise.value.sigma);
    expect([mean, spread]).toEqual([0, leastNoise.value.spread]);
  });

  it('can be learned from one block, a single look, and looks that cannot be compared', () => {
    const one = pastOf({ looks: 1, sigma: 0.1 });
    const none: CheckLook[] = [{ region: empty, controls: {} }, { region: value(0), controls: { rome: value(1) } }, { region: value(1), controls: { rome: empty } }];
    for (const past of [pastOf({ looks: 10, sigma: 0.1 }), one, none]) {
      const { mean, sigma, startSd, spread } = learnValue(past, 'controls', times);
      for (const figure of [mean, sigma, startSd, spread]) expect(Number.isFinite(figure)).toBe(true);
    }
  });
});
