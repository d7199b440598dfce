import { limits } from '../../limits.js';
import type { PipelineDocument } from '../../schema/pipeline.js';
import { wavesOf } from '../../plan/waves.js';
import { fewOf, repeated, rule, unknownName, type DocumentError } from './rule.js';

interface Wave {
  environment: string;
  regions: string[];
  pointer: string;
}

/** The waves that a person has written down; computed ones are right by construction. */
const explicitWaves = (lifecycle: PipelineDocument['lifecycle']): Wave[][] =>
  lifecycle.map(({ environment, waves }, phase) =>
    Array.isArray(waves) ? waves.map((regions, number) => ({ environment, regions, pointer: `/lifecycle/${phase}/waves/${number}` })) : []);

/** Explicit waves name regions of the pipeline, and each of them once. */
export const wavesNameRegionsOnce = rule(['regions', 'lifecycle'], ({ regions, lifecycle }) => {
  const known = Object.keys(regions);
  return explicitWaves(lifecycle).flatMap((waves) => {
    const named = waves.flatMap((wave) => wave.regions.map((region, index) => ({ region, pointer: `${wave.pointer}/${index}` })));
    const strange = named.filter(({ region }) => !Object.hasOwn(regions, region));
    return [
      ...fewOf(strange).map(({ region, pointer }) => ({ pointer, message: unknownName('region', region, known) })),
      ...repeated(named.map(({ region }) => region), (index) => named[index]!.pointer, 'region'),
    ];
  });
});

/** The partner that would take over must not change at the same time. */
export const wavesKeepPairsApart = rule(['regions', 'lifecycle'], ({ regions, lifecycle }) => {
  const pairs = Object.entries(regions).flatMap(([one, { pair: other }]) =>
    other === undefined || (regions[other]?.pair === one && other < one) ? [] : [[one, other] as const]);
  return explicitWaves(lifecycle).flat().flatMap(({ environment, regions: wave, pointer }) =>
    pairs.flatMap(([one, other]) => {
      const [first, second] = [wave.indexOf(one), wave.indexOf(other)].toSorted((a, b) => a - b);
      if (first === undefined || second === undefined || first < 0 || first === second) return [];
      const message = `${wave[first]} and ${wave[second]} are a failover pair and change in one wave of ${environment}: neither could take over from the other. `
        + `Put ${wave[second]} into a wave of its own`;
      return [{ pointer: `${pointer}/${second}`, message }];
    }));
});

/** Explicit waves are counted by the schema; how many are computed depends on the regions. */
export const computedWavesAreBounded = rule(['regions', 'lifecycle'], ({ regions, lifecycle }) =>
  lifecycle.flatMap((phase, index) => {
    if (Array.isArray(phase.waves)) return [];
    const count = wavesOf(phase, regions).length;
    const message = `${count} waves for ${Object.keys(regions).length} regions; a phase has at most ${limits.waves}. Give larger sizes, such as sizes: [1, 5, 20]`;
    return count > limits.waves ? [{ pointer: `/lifecycle/${index}/waves`, message }] : [];
  }));

export const rollingHasOneConcurrency = rule(['lifecycle'], ({ lifecycle }) =>
  lifecycle.flatMap(({ waves, concurrency }, index): DocumentError[] =>
    concurrency === undefined || typeof waves === 'string' || Array.isArray(waves) || waves.order !== 'rolling' ? [] : [{
      pointer: `/lifecycle/${index}/concurrency`,
      message: `concurrency is ${concurrency} here and ${waves.concurrency} in the rolling waves: the waves' own counts. Leave this one out`,
    }]));
