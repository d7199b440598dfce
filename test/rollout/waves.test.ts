import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase, PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { exposureOf, wavesOf } from '../../src/rollout/waves.js';
import { shop } from './sample-document.js';

type Sizes = (number | 'rest')[];

const phaseWith = (waves: unknown): Phase => shop({ lifecycle: [{ environment: 'production', waves }] }).lifecycle[0]!;
const inOrder = (regions: PipelineDocument['regions'], sizes?: Sizes): string[][] =>
  wavesOf(phaseWith({ order: 'smallest-first', sizes }), regions).map((wave) => wave.map(({ region }) => region));
const { regions: shopRegions } = shop();

/** Regions named after their place in the list. */
const regionsWith = (weights: number[], prefix = 'r'): PipelineDocument['regions'] =>
  shop({ regions: Object.fromEntries(weights.map((weight, index) => [`${prefix}${index}`, { weight }])) }).regions;

const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
const distinctWeights = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 30 });
const sizes = fc.tuple(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }), fc.constantFrom<Sizes>(['rest'], [1], [3]))
  .map(([first, last]): Sizes => [...first, ...last]);

describe('computed waves', () => {
  it('go region by region, the smallest share of traffic first and the largest last', () => {
    expect(inOrder(shopRegions)).toEqual([['sydney'], ['frankfurt'], ['virginia']]);
  });

  it('hold every region exactly once, never a smaller one after a larger one, whatever the sizes', () => {
    fc.assert(fc.property(weights, sizes, (list, cut) => {
      const regions = regionsWith(list);
      const line = inOrder(regions, cut).flat();
      expect(line.toSorted()).toEqual(Object.keys(regions).toSorted());
      expect(line.map((name) => regions[name]!.weight)).toEqual(list.toSorted((a, b) => a - b));
    }));
  });

  it('are as large as the sizes say: the last size repeats, and rest takes what is left', () => {
    fc.assert(fc.property(weights, sizes, (list, cut) => {
      const lengths = inOrder(regionsWith(list), cut).map((wave) => wave.length);
      lengths.slice(0, -1).forEach((length, index) => expect(length).toBe(cut[index] ?? cut.at(-1)));
      const last = cut[lengths.length - 1] ?? cut.at(-1)!;
      expect(lengths.at(-1)).toBeGreaterThan(0);
      expect(lengths.at(-1)).toBeLessThanOrEqual(last === 'rest' ? list.length : last);
    }));
    expect(inOrder(regionsWith([1, 2, 3, 4, 5, 6]), [1, 2])).toEqual([['r0'], ['r1', 'r2'], ['r3', 'r4'], ['r5']]);
    expect(inOrder(regionsWith([1, 2, 3, 4, 5, 6]), [1, 2, 'rest'])).toEqual([['r0'], ['r1', 'r2'], ['r3', 'r4', 'r5']]);
  });

  it('do not depend on the order in which regions are written, nor on their names where weights differ', () => {
    fc.assert(fc.property(distinctWeights, sizes, fc.infiniteStream(fc.nat()), (list, cut, numbers) => {
      const byWeight = (regions: PipelineDocument['regions']): number[][] =>
        inOrder(regions, cut).map((wave) => wave.map((name) => regions[name]!.weight));
      const shuffled = list.map((weight) => [weight, numbers.next().value] as const).toSorted(([, a], [, b]) => a - b).map(([weight]) => weight);
      expect(byWeight(regionsWith(shuffled, 'z'))).toEqual(byWeight(regionsWith(list)));
    }));
  });

  it('order regions of the same weight by name', () => {
    const same = shop({ regions: { oslo: { weight: 1 }, bern: { weight: 1 }, lima: { weight: 1 } } }).regions;
    expect(inOrder(same)).toEqual([['bern'], ['lima'], ['oslo']]);
  });
});

describe('explicit waves', () => {
  it('stay as the document writes them', () => {
    const placed = wavesOf(phaseWith([['virginia'], ['sydney', 'frankfurt']]), shopRegions);
    expect(placed).toEqual([
      [{ region: 'virginia', why: 'named in wave 1 of the document' }],
      [{ region: 'sydney', why: 'named in wave 2 of the document' }, { region: 'frankfurt', why: 'named in wave 2 of the document' }],
    ]);
  });
});

describe('why a region stands where it does', () => {
  const reasons = (regions: Record<string, number>): string[] =>
    wavesOf(phaseWith({ order: 'smallest-first' }), shop({ regions: Object.fromEntries(Object.entries(regions).map(([name, weight]) => [name, { weight }])) }).regions)
      .flat().map(({ region, why }) => `${region}: ${why}`);

  it('names its weight and what that means', () => {
    expect(reasons({ virginia: 65, sydney: 5, frankfurt: 30, dublin: 10 })).toEqual([
      'sydney: smallest share of traffic (weight 5): the least can go wrong here',
      'dublin: weight 10: after 1 smaller region',
      'frankfurt: weight 30: after 2 smaller regions',
      'virginia: largest share of traffic (weight 65): last, with the most evidence behind it',
    ]);
  });

  it('is the name where weights are equal, and never a size that is not there', () => {
    expect(reasons({ oslo: 1, bern: 1 })).toEqual(['bern: weight 1 like others: in the order of names', 'oslo: weight 1 like others: in the order of names']);
    expect(reasons({ a: 1, c: 9, b: 9 })).toEqual([
      'a: smallest share of traffic (weight 1): the least can go wrong here',
      'b: weight 9 like others: after 1 smaller region, in the order of names',
      'c: weight 9 like others: after 1 smaller region, in the order of names',
    ]);
    expect(reasons({ sydney: 5 })).toEqual(['sydney: the only region']);
  });
});

describe('exposure', () => {
  it('is the share of the traffic of the phase, 0 to 1', () => {
    expect(exposureOf(['sydney'], ['sydney', 'frankfurt'], shopRegions)).toBeCloseTo(5 / 35);
    expect(exposureOf(['sydney', 'frankfurt', 'virginia'], ['sydney', 'frankfurt', 'virginia'], shopRegions)).toBe(1);
  });

  it('is the share of the regions where none of them has a weight', () => {
    expect(exposureOf(['r0'], ['r0', 'r1', 'r2', 'r3'], regionsWith([0, 0, 0, 0]))).toBe(0.25);
  });
});
