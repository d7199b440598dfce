import { describe, expect, it } from 'vitest';
import { randomOf, type Random } from '../../../bench/judge/simulator/random.js';
import { learnHistogram } from '../../../src/judge/noise/histogram-noise.js';
import { leastNoise, standardNoise } from '../../../src/judge/noise/noise.js';
import type { CheckLook } from '../../../src/judge/sample.js';
import { timesOf } from '../../../src/judge/times.js';
import { latencies } from '../latencies.js';
import { empty, histogram } from '../looks.js';

const times = timesOf(30);

/** Each bucket as counting would find it. */
function counted(buckets: Record<string, number>, random: Random): Record<string, number> {
  let before = 0;
  let below = 0;
  // Keys like `1` come first in any object.
  const rows = Object.entries(buckets).toSorted(([, left], [, right]) => left - right);
  return Object.fromEntries(rows.map(([edge, upTo]) => {
    below += random.poisson(upTo - before);
    before = upTo;
    return [edge, below];
  }));
}

function pastOf({ looks, sigma, offset = 0, requests = 1_000, scatter = 0, seed = 'histogram' }: { looks: number; sigma: number; offset?: number; requests?: number; scatter?: number; seed?: string }): CheckLook[] {
  const random = randomOf(seed);
  let theta = sigma * random.normal();
  return Array.from({ length: looks }, () => {
    theta += -theta / 60 + sigma * Math.sqrt(2 / 60) * random.normal();
    const sample = (shift: number) => histogram(counted(latencies(requests, shift), random));
    return { region: sample(theta + scatter * random.normal()), controls: { rome: sample(offset), oslo: sample(-offset) } };
  });
}

describe('the noise of a histogram', () => {
  it('has the spread of the drift', () => {
    const sigma = 0.08;
    const learned = learnHistogram(pastOf({ looks: 960, sigma }), 'controls', times);
    expect(learned.sigma / sigma).toBeGreaterThan(0.6);
    expect(learned.sigma / sigma).toBeLessThan(1.8);
  });

  it('is no more than counting where nothing else is at work', () => {
    const learned = learnHistogram(pastOf({ looks: 480, sigma: 0 }), 'controls', times);
    expect(learned.spread).toBeLessThan(1.4);
    expect(learned.sigma).toBeLessThan(0.03);
    expect(Math.abs(learned.mean)).toBeLessThan(0.03);
  });

  it('is more where single looks scatter beyond counting', () => {
    expect(learnHistogram(pastOf({ looks: 480, sigma: 0, scatter: 0.2 }), 'controls', times).spread).toBeGreaterThan(1.7);
  });

  it('knows how much slower each control is', () => {
    const { offsets } = learnHistogram(pastOf({ looks: 60, sigma: 0, offset: 0.3 }), 'controls', times);
    expect(offsets['rome']).toBeCloseTo(0.3, 1);
    expect(offsets['oslo']).toBeCloseTo(-0.3, 1);
  });

  it('is hardly moved by one wild block', () => {
    const past = pastOf({ looks: 480, sigma: 0.05 });
    const wild = past.map((look, index) => (index >= 100 && index < 110 ? { ...look, region: histogram(latencies(1_000, 2)) } : look));
    expect(learnHistogram(wild, 'controls', times).sigma).toBeLessThan(2 * learnHistogram(past, 'controls', times).sigma);
  });

  it('keeps the shape of the past where that is the reference', () => {
    const learned = learnHistogram(pastOf({ looks: 480, sigma: 0.02 }), 'past', times);
    expect(learned).toMatchObject({ reference: 'past', isLearned: true });
    expect(learned.shape!['+Inf']).toBeGreaterThan(400_000);
    expect(Math.abs(learned.mean)).toBeLessThan(0.05);
  });

  it('has the standard one mixed in below four hours, and is that without a past', () => {
    expect(learnHistogram(pastOf({ looks: 100, sigma: 0 }), 'controls', times)).toMatchObject({ isLearned: false, past: 3_000 });
    expect(learnHistogram([], 'controls', times)).toMatchObject({ reference: 'controls', isLearned: false, mean: 0, startSd: standardNoise.histogram.startSd, offsets: {} });
    expect(learnHistogram([], 'past', times).reference).toBe('none');
  });

  it('can be learned from one block, a single look, and looks that cannot be compared', () => {
    for (const past of [pastOf({ looks: 10, sigma: 0 }), pastOf({ looks: 1, sigma: 0 }), [{ region: empty, controls: {} }, { region: histogram({}), controls: { rome: histogram({ '1': 0 }) } }]]) {
      const { mean, sigma, startSd, spread } = learnHistogram(past, 'controls', times);
      for (const figure of [mean, sigma, startSd, spread]) expect(Number.isFinite(figure)).toBe(true);
      expect(spread).toBeGreaterThanOrEqual(leastNoise.histogram.spread);
    }
  });
});
