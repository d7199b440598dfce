import type { Phase, PipelineDocument, Waves } from './schema/pipeline.js';

export interface Placed {
  region: string;
  /** Why the region stands in this place. */
  why: string;
}

/** The regions of a phase by waves, in order, each with the reason for its place. */
export function wavesOf(phase: Phase, regions: PipelineDocument['regions']): Placed[][] {
  return isExplicit(phase.waves) ? explicit(phase.waves) : smallestFirst(phase.waves.sizes ?? [1], regions);
}

const isExplicit = (waves: Waves): waves is string[][] => Array.isArray(waves);

const explicit = (waves: string[][]): Placed[][] =>
  waves.map((wave, index) => wave.map((region) => ({ region, why: `named in wave ${index + 1} of the document` })));

function smallestFirst(sizes: (number | 'rest')[], regions: PipelineDocument['regions']): Placed[][] {
  const ordered = Object.entries(regions).toSorted(([nameA, a], [nameB, b]) => a.weight - b.weight || (nameA < nameB ? -1 : 1));
  const weights = ordered.map(([, { weight }]) => weight);
  return cut(ordered.map(([region, { weight }]) => ({ region, why: whyHere(weight, weights) })), sizes);
}

/** Why a region of this weight stands where it does among all weights of its phase, the smallest first. */
function whyHere(weight: number, weights: number[]): string {
  if (weights.length === 1) return 'the only region';
  const smaller = weights.indexOf(weight);
  const after = `after ${smaller} smaller ${smaller === 1 ? 'region' : 'regions'}`;
  if (weights.lastIndexOf(weight) !== smaller) return `weight ${weight} like others: ${smaller > 0 ? `${after}, ` : ''}in the order of names`;
  if (smaller === 0) return `smallest share of traffic (weight ${weight}): the least can go wrong here`;
  if (weight === weights.at(-1)) return `largest share of traffic (weight ${weight}): last, with the most evidence behind it`;
  return `weight ${weight}: ${after}`;
}

/** Cuts the line into waves of these sizes; the last size repeats, `rest` takes what is left. */
function cut(line: Placed[], sizes: (number | 'rest')[]): Placed[][] {
  const waves: Placed[][] = [];
  for (let from = 0; from < line.length; ) {
    const size = sizes[Math.min(waves.length, sizes.length - 1)]!;
    const to = size === 'rest' ? line.length : from + size;
    waves.push(line.slice(from, to));
    from = to;
  }
  return waves;
}

/** Share of traffic, 0 to 1, that these regions carry of all regions of the phase. */
export function exposureOf(names: string[], all: string[], regions: PipelineDocument['regions']): number {
  const sum = (list: string[]): number => list.reduce((total, name) => total + (regions[name]?.weight ?? 0), 0);
  const whole = sum(all);
  return whole === 0 ? names.length / all.length : sum(names) / whole;
}
