import {
  daily, heavyBursts, longMemory, meanReverting, plateau, randomWalk, warmUp, weekly, type Term,
} from './simulator/noise.js';
import type { Effect, Place, Scenario } from './simulator/scenario.js';

const base: Place = { requestsPerSecond: 200, errorShare: 0.001, step: 30, controls: 3, historyHours: 6, soakMinutes: 60 };

/** What all regions have in common, and what each has for itself. Regions share more than they differ. */
const realistic: Term[] = [
  { whose: 'all', noise: meanReverting(0.25, 120) },
  { whose: 'each', noise: meanReverting(0.12) },
];

type Part = Omit<Partial<Scenario>, 'place'> & { place?: Partial<Place> };

const scenario = (name: string, about: string, part: Part): Scenario => ({
  name, about, truth: 'good', family: 'assumed', terms: realistic, clusters: 0.02, valueNoise: { sigma: 0.03 }, ...part,
  place: { ...base, ...part.place },
});

const assumed = (name: string, about: string, part: Part = {}): Scenario => scenario(name, about, part);
const different = (name: string, about: string, part: Part): Scenario => scenario(name, about, { family: 'different', ...part });
const incident = (name: string, about: string, part: Part): Scenario => scenario(name, about, { truth: 'incident', mayHold: true, ...part });
const bad = (name: string, about: string, effect: Effect, part: Part = {}): Scenario => scenario(name, about, { truth: 'bad', effect, ...part });

const each = (noise: Term['noise']): Term => ({ whose: 'each', noise });
const all = (noise: Term['noise']): Term => ({ whose: 'all', noise });

const quietAsAssumed = [
  assumed('iid', 'no drift at all, plain counts', { terms: [], clusters: 0 }),
  assumed('drift', 'mean-reverting drift, as the judge assumes it: the base of everything below'),
  assumed('one-control', 'drift, one control', { place: { controls: 1 } }),
  assumed('eight-controls', 'drift, eight controls', { place: { controls: 8 } }),
  assumed('no-controls', 'drift, no controls: only the region’s own past', { place: { controls: 0 } }),
  assumed('step-15', 'drift, a look every 15 s', { place: { step: 15, historyHours: 4 } }),
  assumed('step-60', 'drift, a look every 60 s', { place: { step: 60, historyHours: 12 } }),
  assumed('quiet-0.3', 'drift, 0.3 requests a second, 1 % errors', { place: { requestsPerSecond: 0.3, errorShare: 0.01 } }),
  assumed('quiet-3', 'drift, 3 requests a second, 0.5 % errors', { place: { requestsPerSecond: 3, errorShare: 0.005 } }),
  assumed('missing', 'drift, 10 % of the scrapes missing, a gap of 4 min every two hours', { missing: { share: 0.1, gapsPerHour: 0.5, gapMinutes: 4 } }),
  assumed('short-history', 'drift, half an hour of history', { place: { historyHours: 0.5 } }),
  assumed('no-history', 'drift, no history', { place: { historyHours: 0 } }),
  assumed('day-of-history', 'drift, 24 h of history', { place: { historyHours: 24 } }),
];

const quietOtherwise = [
  different('random-walk', 'each region wanders and never comes back', { terms: [each(randomWalk(0.1))] }),
  different('long-memory', '1/f noise between a minute and 17 hours', { terms: [each(longMemory(0.2))] }),
  different('fast-drift', 'mean-reverting within 5 min, not 30', { terms: [each(meanReverting(0.15, 5))] }),
  different('slow-drift', 'mean-reverting within 4 h, not 30 min', { terms: [each(meanReverting(0.3, 240))] }),
  different('heavy-bursts', 'each region has bursts of errors with a Pareto tail, one in two hours', { terms: [...realistic, each(heavyBursts(0.5, 0.3))] }),
  different('region-bursts', 'only the region under test has them, one an hour', { terms: [...realistic, { whose: 'region', noise: heavyBursts(1, 0.3) }] }),
  different('common-bursts', 'bursts that all regions have together, two an hour', {
    terms: [...realistic, all(heavyBursts(2, 0.5))], mayHold: true,
  }),
  different('clusters', 'errors come in clusters: each look’s rate varies by 60 %', { clusters: 0.36 }),
  different('outliers', 'values with Student’s t of 2.5 degrees, infinite fourth moment', { valueNoise: { sigma: 0.02, freedom: 2.5 } }),
  different('diurnal', 'each region has its own day: up to ×1.6 and back', { terms: [...realistic, each(daily(0.35))] }),
  different('weekly', 'working hours and weekends, each region at its own time', { terms: [...realistic, each(weekly(0.5))] }),
  different('warm-up', 'errors ×5 at the deploy, falling to nothing within 3 min', { terms: [...realistic, { whose: 'region', noise: warmUp(5, 3) }] }),
  different('autoscaling', 'traffic of each region halves and doubles in steps; each step comes with a burst', {
    terms: [...realistic, each(heavyBursts(0.5, 0.2, 1))], traffic: [each(randomWalk(0.3)), each(plateau(2, (random) => 60 * random.uniform(), () => 60))],
  }),
  different('correlated-controls', 'the controls drift together, and not with the region', { terms: [...realistic, { whose: 'controls', noise: meanReverting(0.2) }] }),
  different('sick-control', 'one control falls sick during the soak: errors ×5 for 20 min', {
    terms: [...realistic, { whose: 'one-control', noise: plateau(5, (random) => 30 * random.uniform(), () => 50) }],
  }),
  different('control-recovers', 'one control was sick for hours (errors ×5) and recovers during the soak', {
    terms: [...realistic, { whose: 'one-control', noise: plateau(5, () => -600, (random) => 5 + 30 * random.uniform()) }],
  }),
  different('unlike-shapes', 'latencies are spread differently from region to region', { shapes: 0.15 }),
  different('long-memory-quiet', '1/f noise at 3 requests a second', { terms: [each(longMemory(0.2))], place: { requestsPerSecond: 3, errorShare: 0.005 } }),
];

const incidents = [3, 10].map((factor) =>
  incident(`incident-${factor}`, `all regions ×${factor} together, from some minute of the first half hour on`, {
    terms: [...realistic, all(plateau(factor, (random) => 2 + 28 * random.uniform(), () => Infinity))],
  }));

const errors = (factor: number): Effect => ({ factors: { errors: factor } });

const regressions = [
  ...[1.5, 2, 3, 5, 10].map((factor) => bad(`errors-${factor}`, `errors ×${factor} from the deploy on`, errors(factor))),
  bad('slow-2', 'requests over the limit ×2', { factors: { slow: 2 } }),
  ...[1.1, 1.2, 1.5].map((factor) => bad(`latency-${factor}`, `latency ×${factor}, as a value`, { factors: { latency: factor } })),
  ...[1.1, 1.2, 1.5].map((factor) => bad(`durations-${factor}`, `latency ×${factor}, as a histogram`, { factors: { durations: factor } })),
  bad('ramp', 'errors rise to ×3 within 20 min', { ...errors(3), ramp: 20 }),
  bad('onset-10', 'errors ×3 from 10 min after the deploy on', { ...errors(3), onset: 10 }),
  bad('onset-20', 'errors ×3 from 20 min after the deploy on', { ...errors(3), onset: 20 }),
  bad('one-pod', 'one pod of eight: its errors ×12, its latencies ×3', { factors: { errors: 12, durations: 3 }, pods: 8 }),
  bad('diurnal-3', 'errors ×3 while each region has its own day', errors(3), { family: 'different', terms: [...realistic, each(daily(0.35))] }),
  bad('long-memory-3', 'errors ×3 in 1/f noise', errors(3), { family: 'different', terms: [each(longMemory(0.2))] }),
  bad('no-controls-3', 'errors ×3, no controls', errors(3), { place: { controls: 0 } }),
  bad('no-history-3', 'errors ×3, no history', errors(3), { place: { historyHours: 0 } }),
  bad('quiet-3-3', 'errors ×3 at 3 requests a second, 0.5 % errors', errors(3), { place: { requestsPerSecond: 3, errorShare: 0.005 } }),
  bad('leak', 'memory rises by half within the hour', { factors: { memory: 1.5 }, ramp: 60 }),
];

/** What the bar names one by one: a share of 99 % needs more soaks than a table does. */
const inBar = ['errors-2', 'errors-3', 'errors-5', 'errors-10', 'latency-1.1', 'latency-1.2', 'durations-1.1', 'durations-1.2'];

/** In the order of the report. */
export const scenarios: readonly Scenario[] = [...quietAsAssumed, ...quietOtherwise, ...incidents, ...regressions]
  .map((one) => (inBar.includes(one.name) ? { ...one, times: 3 } : one));
