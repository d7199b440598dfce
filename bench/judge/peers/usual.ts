import type { CheckLook, Look, Sample } from '../../../src/judge/sample.js';
import type { JudgedCheck, JudgedSoak } from '../../../src/judge/soak.js';
import { countsOf, edgeAbove, levelOf, logLevelOf, merged } from './level.js';

/**
 * What a check usually shows, from the looks before the deploy. Peers do not learn by themselves: this is what a careful operator would
 * tell them. Without it each of them would ring wherever a region is always a little worse than its neighbours.
 */
export interface Usual {
  check: JudgedCheck;
  /** The region's level; null without a history. */
  level: number | null;
  /** How many times a control's level the region's usually is, by control; a control that is not here has no history. */
  apart: Record<string, number>;
  /** The edge of a histogram above which requests are slow: 95 % usually stay below. */
  slowEdge: string | null;
  /** The region's share of bad requests (slow ones, of a histogram), and how many times each control's it usually is. */
  bad: { share: number | null; apart: Record<string, number> };
  /** The logarithm of the region's level over its reference's, one look at a time; null without enough looks to tell. */
  noise: { mean: number; deviation: number } | null;
  /** What has been read of its looks. */
  readings: WeakMap<CheckLook, Reading>;
}

/** Looks before the deploy that are made use of, the last ones. */
const most = 720;
/** Looks that a deviation needs. */
const fewest = 20;
/** The share of requests that a histogram's objective is about. */
export const slowBelow = 0.95;

const learned = new WeakMap<readonly Look[], Usual[]>();

/** One for each check. Learned once, however often the same soak is opened. */
export function usualOf(soak: JudgedSoak, history: readonly Look[]): Usual[] {
  const known = learned.get(history);
  if (known !== undefined) return known;
  const recent = history.slice(-most);
  const usual = soak.checks.map((check) => learn(check, recent.flatMap(({ checks }) => checks[check.name] ?? [])));
  learned.set(history, usual);
  return usual;
}

/** What one look says. Absent is what it does not say. */
export interface Reading {
  /** Of the region. */
  level?: number;
  /** The level that it is to be compared with: its controls', each times what it is usually apart; its own past where there are none. */
  reference?: number;
  /** The logarithm of one over the other. */
  difference?: number;
}

/** Read once, however often the same look is seen: peers are tuned by seeing the same soaks again and again. */
export function readingOf(look: CheckLook, usual: Usual): Reading {
  const known = usual.readings.get(look);
  if (known !== undefined) return known;
  const reading = read(look, usual);
  usual.readings.set(look, reading);
  return reading;
}

function read(look: CheckLook, usual: Usual): Reading {
  const [region, log] = [levelOf(look.region, usual.check), logLevelOf(look.region, usual.check)];
  const reference = referenceOf(look, usual);
  return {
    ...(region !== null && { level: region }),
    ...(reference !== null && { reference: reference.level }),
    ...(log !== null && reference !== null && { difference: log - reference.log }),
  };
}

interface Reference {
  level: number;
  log: number;
}

function referenceOf({ controls }: CheckLook, { check, level, apart }: Usual): Reference | null {
  const samples = Object.entries(controls);
  if (samples.length === 0) return level === null ? null : { level, log: Math.log(Math.max(level, tiny)) };
  const counted = samples.flatMap(([name, sample]) => (sample.kind === 'ratio' ? [{ ...sample, bad: sample.bad * (apart[name] ?? 1) }] : []));
  // Counts are pooled: a control without errors in a minute is no reason to divide by nothing.
  if (counted.length > 0) return referenceIn(merged(counted), check);
  const levels = samples.flatMap(([name, sample]) => {
    const one = levelOf(sample, check);
    return one === null ? [] : [one * (apart[name] ?? 1)];
  });
  if (levels.length === 0) return null;
  const mean = averageOf(levels);
  return { level: mean, log: Math.log(Math.max(mean, tiny)) };
}

function learn(check: JudgedCheck, looks: CheckLook[]): Usual {
  const region = merged(looks.map((look) => look.region));
  const names = [...new Set(looks.flatMap(({ controls }) => Object.keys(controls)))];
  const controls = names.map((name) => [name, merged(looks.flatMap((look) => look.controls[name] ?? []))] as const);
  const slowEdge = region.kind === 'histogram' ? edgeAbove(region, slowBelow) : null;
  const levels = apartFrom(region, controls, (sample) => logLevelOf(sample, check));
  const shares = apartFrom(region, controls, (sample) => {
    const counts = countsOf(sample, slowEdge);
    return counts === null ? null : logLevelOf({ kind: 'ratio', ...counts }, check);
  });
  const usual: Usual = { check, level: levels.here, apart: levels.apart, slowEdge, bad: { share: shares.here, apart: shares.apart }, noise: null, readings: new WeakMap() };
  return { ...usual, noise: noiseOf(looks.flatMap((look) => read(look, usual).difference ?? [])) };
}

/** The region's level, and how many times each control's it is. */
function apartFrom(region: Sample, controls: (readonly [string, Sample])[], logOf: (sample: Sample) => number | null): { here: number | null; apart: Record<string, number> } {
  const here = logOf(region);
  if (here === null) return { here: null, apart: {} };
  const apart = controls.flatMap(([name, sample]): [string, number][] => {
    const there = logOf(sample);
    return there === null ? [] : [[name, Math.exp(here - there)]];
  });
  return { here: Math.exp(here), apart: Object.fromEntries(apart) };
}

function noiseOf(differences: number[]): Usual['noise'] {
  if (differences.length < fewest) return null;
  const mean = averageOf(differences);
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (differences.length - 1);
  return { mean, deviation: Math.max(0.01, Math.sqrt(variance)) };
}

const referenceIn = (sample: Sample, check: JudgedCheck): Reference | null => {
  const [level, log] = [levelOf(sample, check), logLevelOf(sample, check)];
  return level === null || log === null ? null : { level, log };
};

const tiny = 1e-12;

const averageOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
