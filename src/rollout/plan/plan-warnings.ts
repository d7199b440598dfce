import { formatDuration } from '../duration.js';
import { listNames } from '../list-names.js';
import { isSamePlace } from '../places.js';
import { percent, shareIn } from './exposure.js';
import { isDoneAt, placesOfWalk, type PreparedQuestion } from './plan-question.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { PlannedPhase, PlannedRegion } from '../schema/plan.js';
import { expectedMs } from './walk-times.js';
import { isPair } from './waves.js';

const weekMs = 7 * 86_400_000;

/** What a plan does that an experienced person would ask about. Never refuses: a plan warns and goes on. */
export function planWarnings(question: PreparedQuestion, phases: PlannedPhase[]): string[] {
  return [...phases.flatMap((phase) => phaseWarnings(question, phase)), ...durationWarning(expectedMs(phases).min)];
}

function phaseWarnings(question: PreparedQuestion, planned: PlannedPhase): string[] {
  const { document, drained = {} } = question;
  const phase = document.lifecycle.find(({ environment }) => environment === planned.environment)!;
  const warnings = [
    ...largestNotLast(document, phase, planned),
    ...firstWaveTooLarge(question, phase, planned),
    ...pairInOneWave(document, planned),
    ...manyAtOnce(planned),
    ...drainedRegions(planned, drained),
    ...unwatched(document),
    ...uncompared(question, phase, planned),
  ];
  return warnings.map((warning) => `${planned.environment}: ${warning}`);
}

function largestNotLast({ regions }: PipelineDocument, { waves }: Phase, planned: PlannedPhase): string[] {
  if (waves === 'all') return []; // nobody is meant to be last
  const weightOf = (name: string): number => regions[name]?.weight ?? 0;
  const largest = regionsOf(planned).toSorted((a, b) => weightOf(b) - weightOf(a))[0]!;
  const last = planned.waves.at(-1)!.regions;
  if (last.some(({ region }) => weightOf(region) === weightOf(largest))) return [];
  return [`${largest} carries the most traffic (weight ${weightOf(largest)}) and is not in the last wave.`];
}

/** Not where the release runs already: the first wave of what is left is not the first that sees it. */
function firstWaveTooLarge(question: PreparedQuestion, phase: Phase, planned: PlannedPhase): string[] {
  const { waves } = phase;
  const cap = typeof waves === 'object' && 'order' in waves ? waves.maxFirstExposure : undefined;
  if (cap === undefined || placesOfWalk(question.document, phase).some((place) => isDoneAt(question, place))) return [];
  const { exposure } = planned.waves[0]!;
  return exposure <= shareIn(cap) ? [] : [`wave 1 touches ${percent(exposure)} of the traffic, more than maxFirstExposure ${cap}.`];
}

function pairInOneWave({ regions }: PipelineDocument, planned: PlannedPhase): string[] {
  return planned.waves.flatMap((wave) => {
    const names = [...new Set(wave.regions.map(({ region }) => region))];
    const pairs = names.flatMap((name, index) => names.slice(index + 1).filter((other) => isPair(name, other, regions)).map((other) => `${name} and ${other}`));
    return pairs.map((pair) => `${pair} are a failover pair and share wave ${wave.number}: neither can take over while both change.`);
  });
}

function manyAtOnce({ waves }: PlannedPhase): string[] {
  const atOnce = waves[0]!.concurrency;
  return atOnce < 3 ? [] : [`wave 1 starts with ${atOnce} regions at once.`];
}

const drainedRegions = (planned: PlannedPhase, drained: Record<string, string>): string[] =>
  regionsOf(planned)
    .filter((region) => Object.hasOwn(drained, region))
    .map((region) => `${region} is drained (${drained[region]}): the rollout comes back to it when the other regions are done.`);

const unwatched = ({ checks }: PipelineDocument): string[] =>
  checks.length > 0 ? [] : ['there are no checks; the soak only waits and cannot see a bad release.'];

/** Where nothing runs yet there is nothing that the release could make worse. */
function uncompared({ document, board }: PreparedQuestion, phase: Phase, { environment, waves }: PlannedPhase): string[] {
  if (document.checks.length === 0 || (phase.metrics ?? document.metrics) === undefined) return [];
  const isChanged = (place: PlannedRegion): boolean =>
    board.some((cell) => cell.release !== null && isSamePlace(cell, { environment, region: place.region, tenant: place.tenant }));
  const alone = waves.flatMap(({ regions }) => regions).filter((place) => place.comparedWith.length === 0 && isChanged(place));
  if (alone.length === 0) return [];
  const names = alone.slice(0, 5).map(({ region, tenant }) => (tenant === undefined ? region : `${region}/${tenant}`));
  const what = listNames([...names, ...(alone.length > 5 ? [`${alone.length - 5} more`] : [])]);
  return [`${what} ${alone.length === 1 ? 'is' : 'are'} compared with ${alone.length === 1 ? 'its' : 'their'} own past only: no region is left that does not change meanwhile. `
    + 'That finds less, and holds rather than rolls back.'];
}

const durationWarning = (ms: number): string[] =>
  ms <= weekMs ? [] : [`All soaks together take at least ${formatDuration(ms)}, longer than a week.`];

const regionsOf = ({ waves }: PlannedPhase): string[] => [...new Set(waves.flatMap(({ regions }) => regions.map(({ region }) => region)))];
