import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from '../../../src/rollout/plan/exposure.js';
import type { Phase, PipelineDocument } from '../../../src/rollout/schema/pipeline.js';
import { isPair, wavesOf } from '../../../src/rollout/plan/waves.js';
import { shop } from '../sample-document.js';

type Regions = PipelineDocument['regions'];
type Sizes = (number | 'rest')[];

const phaseWith = (waves: unknown): Phase => shop({ lifecycle: [{ environment: 'production', waves }] }).lifecycle[0]!;
const namesIn = (waves: unknown, regions: Regions): string[][] => wavesOf(phaseWith(waves), regions).map((wave) => wave.map(({ region }) => region));
const inOrder = (regions: Regions, sizes?: Sizes): string[][] => namesIn({ order: 'smallest-first', sizes }, regions);
const { regions: shopRegions } = shop();

interface Sample {
  weight: number;
  /** Place in the list of the region that it names as its failover pair. */
  pair?: number | undefined;
}

/** Regions named after their place in the list, or by `name`. */
const regionsOf = (list: Sample[], name = (index: number): string => `r${index}`): Regions =>
  shop({ regions: Object.fromEntries(list.map(({ weight, pair }, index) => [name(index), { weight, ...(pair !== undefined && { pair: name(pair) }) }])) }).regions;
const regionsWith = (weights: number[]): Regions => regionsOf(weights.map((weight) => ({ weight })));

const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
const sizes = fc.tuple(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }), fc.constantFrom<Sizes>(['rest'], [1], [3]))
  .map(([first, last]): Sizes => [...first, ...last]);
const cap = fc.option(fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`), { nil: undefined });

/** Up to 20 regions, some of which name another one as their pair. */
const samples: fc.Arbitrary<Sample[]> = fc.integer({ min: 1, max: 20 }).chain((count) =>
  fc.array(fc.record({ weight: fc.integer({ min: 0, max: 20 }), pair: fc.option(fc.nat(count - 1), { nil: undefined }) }), { minLength: count, maxLength: count }),
).map((list) => list.map(({ weight, pair }, index) => ({ weight, ...(pair !== index && { pair }) })));

const computed = fc.oneof(
  fc.constant('all' as const),
  fc.record({ order: fc.constant('smallest-first' as const), sizes, maxFirstExposure: cap }),
  fc.record({ order: fc.constant('rolling' as const), concurrency: fc.integer({ min: 1, max: 5 }), maxFirstExposure: cap }),
);

describe('computed waves', () => {
  it('go region by region, the smallest share of traffic first and the largest last', () => {
    expect(inOrder(shopRegions)).toEqual([['sydney'], ['frankfurt'], ['virginia']]);
  });

  it('hold every region exactly once, and none is empty, however they are computed', () => {
    fc.assert(fc.property(samples, computed, (list, waves) => {
      const regions = regionsOf(list);
      const result = namesIn(waves, regions);
      expect(result.flat().toSorted()).toEqual(Object.keys(regions).toSorted());
      expect(result.every((wave) => wave.length > 0)).toBe(true);
    }));
  });

  it('never hold both regions of a failover pair', () => {
    fc.assert(fc.property(samples, computed, (list, waves) => {
      const regions = regionsOf(list);
      for (const wave of namesIn(waves, regions)) {
        expect(wave.flatMap((a) => wave.filter((b) => isPair(a, b, regions)))).toEqual([]);
      }
    }));
  });

  it('change the smaller of a failover pair before the larger', () => {
    fc.assert(fc.property(samples, computed, (list, waves) => {
      const regions = regionsOf(list);
      const result = namesIn(waves, regions);
      const waveOf = (name: string): number => result.findIndex((wave) => wave.includes(name));
      for (const [a, { weight, pair }] of Object.entries(regions)) {
        if (pair === undefined || weight === regions[pair]!.weight) continue;
        const [small, large] = weight < regions[pair]!.weight ? [a, pair] : [pair, a];
        expect(waveOf(small)).toBeLessThan(waveOf(large));
      }
    }));
  });

  it('keep the first wave within maxFirstExposure wherever a single region allows it', () => {
    fc.assert(fc.property(samples, computed, (list, waves) => {
      fc.pre(waves !== 'all' && waves.maxFirstExposure !== undefined);
      const regions = regionsOf(list);
      const [first] = namesIn(waves, regions);
      const share = shareOf(first!.map((region) => ({ region })), Object.keys(regions), { regions });
      expect(first!.length === 1 || share <= Number.parseInt(waves.maxFirstExposure, 10) / 100).toBe(true);
    }));
  });

  it('do not depend on what the regions are called', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 20, maxLength: 20 });
    fc.assert(fc.property(samples, computed, names, (list, waves, others) => {
      const renamed = namesIn(waves, regionsOf(list, (index) => others[index]!)).map((wave) => wave.map((name) => `r${others.indexOf(name)}`));
      expect(renamed).toEqual(namesIn(waves, regionsOf(list)));
    }));
  });

  it('give the same reasons whatever the regions are called', () => {
    const reasons = (name: (index: number) => string): string[] =>
      wavesOf(phaseWith({ order: 'smallest-first' }), regionsOf([{ weight: 3 }, { weight: 1 }, { weight: 3 }], name)).flat().map(({ why }) => why);
    expect(reasons((index) => `z${9 - index}`)).toEqual(reasons((index) => `a${index}`));
  });
});

describe('waves by size', () => {
  it('never hold a smaller region after a larger one, pairs or not', () => {
    fc.assert(fc.property(samples, sizes, cap, (list, cut, maxFirstExposure) => {
      const regions = regionsOf(list);
      const line = namesIn({ order: 'smallest-first', sizes: cut, maxFirstExposure }, regions).flat();
      expect(line.map((name) => regions[name]!.weight)).toEqual(list.map(({ weight }) => weight).toSorted((a, b) => a - b));
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

  it('are never larger than the sizes say, pairs and cap or not', () => {
    fc.assert(fc.property(samples, fc.integer({ min: 1, max: 5 }), cap, (list, size, maxFirstExposure) => {
      const result = namesIn({ order: 'smallest-first', sizes: [size], maxFirstExposure }, regionsOf(list));
      for (const wave of result) expect(wave.length).toBeLessThanOrEqual(size);
    }));
  });

  it('take regions of the same weight in the order of the document', () => {
    const same = shop({ regions: { oslo: { weight: 1 }, bern: { weight: 1 }, lima: { weight: 1 } } }).regions;
    expect(inOrder(same)).toEqual([['oslo'], ['bern'], ['lima']]);
  });

  it('end before the second of a failover pair', () => {
    const regions = regionsOf([{ weight: 1, pair: 2 }, { weight: 2 }, { weight: 3 }, { weight: 4 }]);
    expect(inOrder(regions, ['rest'])).toEqual([['r0', 'r1'], ['r2', 'r3']]);
  });

  it('end before the first one would touch too much of the traffic', () => {
    expect(namesIn({ order: 'smallest-first', sizes: ['rest'], maxFirstExposure: '35%' }, shopRegions)).toEqual([['sydney', 'frankfurt'], ['virginia']]);
    expect(namesIn({ order: 'smallest-first', sizes: ['rest'], maxFirstExposure: '34.9%' }, shopRegions)).toEqual([['sydney'], ['frankfurt', 'virginia']]);
    expect(namesIn({ order: 'smallest-first', sizes: ['rest'], maxFirstExposure: '1%' }, shopRegions)).toEqual([['sydney'], ['frankfurt', 'virginia']]);
  });
});

describe('all at once', () => {
  it('is one wave', () => {
    expect(namesIn('all', shopRegions)).toEqual([['sydney', 'frankfurt', 'virginia']]);
  });

  it('lets only the larger of each failover pair wait for a second wave', () => {
    const regions = regionsOf([{ weight: 5, pair: 3 }, { weight: 6 }, { weight: 7, pair: 4 }, { weight: 8 }, { weight: 9 }]);
    expect(namesIn('all', regions)).toEqual([['r0', 'r1', 'r2'], ['r3', 'r4']]);
  });
});

describe('rolling', () => {
  const rolling = { order: 'rolling', concurrency: 2 };

  it('is one wave, the smallest share of traffic first', () => {
    expect(namesIn(rolling, shopRegions)).toEqual([['sydney', 'frankfurt', 'virginia']]);
  });

  it('lets the larger of a failover pair wait for a second wave', () => {
    expect(namesIn(rolling, regionsOf([{ weight: 5, pair: 1 }, { weight: 6 }, { weight: 7 }]))).toEqual([['r0', 'r2'], ['r1']]);
  });

  it('begins with a wave of its own for what maxFirstExposure allows', () => {
    expect(namesIn({ ...rolling, maxFirstExposure: '10%' }, shopRegions)).toEqual([['sydney'], ['frankfurt', 'virginia']]);
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
  const reasonsIn = (waves: unknown, regions: Regions): string[] => wavesOf(phaseWith(waves), regions).flat().map(({ region, why }) => `${region}: ${why}`);
  const reasons = (regions: Record<string, number>): string[] =>
    reasonsIn({ order: 'smallest-first' }, shop({ regions: Object.fromEntries(Object.entries(regions).map(([name, weight]) => [name, { weight }])) }).regions);

  it('names its weight and what that means', () => {
    expect(reasons({ virginia: 65, sydney: 5, frankfurt: 30, dublin: 10 })).toEqual([
      'sydney: smallest share of traffic (weight 5): the least can go wrong here',
      'dublin: weight 10: after 1 smaller region',
      'frankfurt: weight 30: after 2 smaller regions',
      'virginia: largest share of traffic (weight 65): last, with the most evidence behind it',
    ]);
  });

  it('is the order of the document where weights are equal, and never a size that is not there', () => {
    expect(reasons({ oslo: 1, bern: 1 })).toEqual([
      'oslo: weight 1 like others: in the order of the document', 'bern: weight 1 like others: in the order of the document',
    ]);
    expect(reasons({ a: 1, c: 9, b: 9 })).toEqual([
      'a: smallest share of traffic (weight 1): the least can go wrong here',
      'c: weight 9 like others: after 1 smaller region, in the order of the document',
      'b: weight 9 like others: after 1 smaller region, in the order of the document',
    ]);
    expect(reasons({ sydney: 5 })).toEqual(['sydney: the only region']);
  });

  it('names the failover pair that it is kept apart from', () => {
    const paired = shop({ regions: { virginia: { weight: 65, pair: 'sydney' }, sydney: { weight: 5 }, frankfurt: { weight: 30 } } }).regions;
    expect(reasonsIn('all', paired)).toEqual([
      'sydney: all regions at once', 'frankfurt: all regions at once', 'virginia: all regions at once; apart from sydney, its failover pair',
    ]);
    expect(reasonsIn({ order: 'smallest-first', sizes: ['rest'] }, paired)[2]).toBe(
      'virginia: largest share of traffic (weight 65): last, with the most evidence behind it; apart from sydney, its failover pair',
    );
  });

  it('names the share that would have been too much for the first wave', () => {
    expect(reasonsIn({ order: 'smallest-first', sizes: [2, 'rest'], maxFirstExposure: '10%' }, shopRegions)[1]).toBe(
      'frankfurt: weight 30: after 1 smaller region; with it wave 1 would touch 35% of the traffic, more than maxFirstExposure 10%',
    );
  });
});
