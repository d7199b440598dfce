import { percent, shareIn, shareOf } from './exposure.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';

type Regions = PipelineDocument['regions'];

export interface Placed {
  region: string;
  /** Why the region stands in this place. */
  why: string;
}

/** The wave of a region, counted from 0, and what has kept it out of an earlier one. */
interface Choice {
  wave: number;
  because?: string;
}

/**
 * The regions of a phase by waves, in order, each with the reason for its place. Waves that are not written down never hold both regions
 * of a failover pair. Where weights are equal the order of the document decides: what a region is called changes nothing.
 */
export function wavesOf({ waves }: Pick<Phase, 'waves'>, regions: Regions): Placed[][] {
  if (Array.isArray(waves)) return explicit(waves);
  const line = smallestFirst(regions);
  if (waves === 'all') return fill(line.map(({ region }) => ({ region, why: 'all regions at once' })), (region, soFar) => afterItsPair(region, soFar, regions));
  switch (waves.order) {
    case 'smallest-first':
      return fill(line, (region, soFar) => nextInLine(region, soFar, regions, waves.sizes ?? [1], waves.maxFirstExposure));
    case 'rolling':
      return fill(line, (region, soFar) => afterItsPair(region, soFar, regions, waves.maxFirstExposure));
  }
}

const explicit = (waves: string[][]): Placed[][] =>
  waves.map((wave, index) => wave.map((region) => ({ region, why: `named in wave ${index + 1} of the document` })));

function smallestFirst(regions: Regions): Placed[] {
  const ordered = Object.entries(regions).toSorted(([, a], [, b]) => a.weight - b.weight);
  const weights = ordered.map(([, { weight }]) => weight);
  return ordered.map(([region, { weight }]) => ({ region, why: whyHere(weight, weights) }));
}

/** Why a region of this weight stands where it does among all weights of its phase, the smallest first. */
function whyHere(weight: number, weights: number[]): string {
  if (weights.length === 1) return 'the only region';
  const smaller = weights.indexOf(weight);
  const after = `after ${smaller} smaller ${smaller === 1 ? 'region' : 'regions'}`;
  if (weights.lastIndexOf(weight) !== smaller) return `weight ${weight} like others: ${smaller > 0 ? `${after}, ` : ''}in the order of the document`;
  if (smaller === 0) return `smallest share of traffic (weight ${weight}): the least can go wrong here`;
  if (weight === weights.at(-1)) return `largest share of traffic (weight ${weight}): last, with the most evidence behind it`;
  return `weight ${weight}: ${after}`;
}

/** Puts the line into waves, one region after the other, each where `choose` says. */
function fill(line: Placed[], choose: (region: string, soFar: string[][]) => Choice): Placed[][] {
  const waves: Placed[][] = [];
  for (const { region, why } of line) {
    const { wave, because } = choose(region, waves.map((each) => each.map((placed) => placed.region)));
    (waves[wave] ??= []).push({ region, why: because === undefined ? why : `${why}; ${because}` });
  }
  return waves;
}

/**
 * The last wave while it has room, the next one otherwise: a later region never overtakes an earlier one. The last size repeats, `rest`
 * takes what is left. A wave ends early before the second of a pair; the first one also before it touches too much of the traffic.
 */
function nextInLine(region: string, soFar: string[][], regions: Regions, sizes: (number | 'rest')[], cap: string | undefined): Choice {
  const last = soFar.at(-1);
  if (last === undefined) return { wave: 0 };
  const size = sizes[Math.min(soFar.length, sizes.length) - 1]!;
  if (size !== 'rest' && last.length >= size) return { wave: soFar.length };
  const because = whyApart(region, last, regions) ?? (soFar.length === 1 ? whyTooMuch([...last, region], regions, cap) : undefined);
  return because === undefined ? { wave: soFar.length - 1 } : { wave: soFar.length, because };
}

/** The first wave; of a pair, the second in line comes a wave after the first. What is too much for the first wave comes in the second. */
function afterItsPair(region: string, soFar: string[][], regions: Regions, cap?: string): Choice {
  const before = soFar.findLastIndex((wave) => whyApart(region, wave, regions) !== undefined);
  if (before >= 0) return { wave: before + 1, because: whyApart(region, soFar[before]!, regions)! };
  const because = soFar.length === 0 ? undefined : whyTooMuch([...soFar[0]!, region], regions, cap);
  return because === undefined ? { wave: 0 } : { wave: 1, because };
}

function whyApart(region: string, wave: string[], regions: Regions): string | undefined {
  const partner = wave.find((other) => isPair(region, other, regions));
  return partner === undefined ? undefined : `apart from ${partner}, its failover pair`;
}

/** It is enough that one of the two names the other. */
export const isPair = (a: string, b: string, regions: Regions): boolean => regions[a]?.pair === b || regions[b]?.pair === a;

function whyTooMuch(wave: string[], regions: Regions, cap: string | undefined): string | undefined {
  if (cap === undefined) return undefined;
  const share = shareOf(wave.map((region) => ({ region })), Object.keys(regions), { regions });
  return share <= shareIn(cap) ? undefined : `with it wave 1 would touch ${percent(share)} of the traffic, more than maxFirstExposure ${cap}`;
}
