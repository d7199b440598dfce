import { formatDuration } from './duration.js';
import { percent, shareIn } from './exposure.js';
import type { PlanQuestion } from './plan-question.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { PlannedPhase } from './schema/plan.js';
import { expectedMs } from './walk-times.js';

const weekMs = 7 * 86_400_000;

/** What a plan does that an experienced person would ask about. Never refuses: a plan warns and goes on. */
export function planWarnings(question: PlanQuestion, phases: PlannedPhase[]): string[] {
  return [...phases.flatMap((phase) => phaseWarnings(question, phase)), ...durationWarning(expectedMs(phases).min)];
}

function phaseWarnings({ document }: PlanQuestion, phase: PlannedPhase): string[] {
  return [
    ...largestNotLast(document, phase),
    ...firstWaveTooLarge(document, phase),
    ...pairInOneWave(document, phase),
    ...manyAtOnce(phase),
    ...unwatched(document, phase),
  ];
}

function largestNotLast({ regions }: PipelineDocument, phase: PlannedPhase): string[] {
  const weightOf = (name: string): number => regions[name]?.weight ?? 0;
  const all = phase.waves.flatMap((wave) => wave.regions.map(({ region }) => region));
  const last = phase.waves.at(-1)?.regions.map(({ region }) => region) ?? [];
  const largest = all.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
  if (largest === undefined || last.some((name) => weightOf(name) === weightOf(largest))) return [];
  return [`${phase.environment}: ${largest} carries the most traffic (weight ${weightOf(largest)}) and is not in the last wave.`];
}

function firstWaveTooLarge(document: PipelineDocument, phase: PlannedPhase): string[] {
  const waves = document.lifecycle.find(({ environment }) => environment === phase.environment)?.waves;
  if (waves === undefined || Array.isArray(waves) || waves === 'all' || waves.maxFirstExposure === undefined) return [];
  const exposure = phase.waves[0]?.exposure ?? 0;
  if (exposure <= shareIn(waves.maxFirstExposure)) return [];
  return [`${phase.environment}: wave 1 touches ${percent(exposure)} of the traffic, more than maxFirstExposure ${waves.maxFirstExposure}.`];
}

function pairInOneWave({ regions }: PipelineDocument, phase: PlannedPhase): string[] {
  return phase.waves.flatMap((wave) => {
    const names = wave.regions.map(({ region }) => region);
    const pairs = names.flatMap((name) => names.filter((other) => other === regions[name]?.pair).map((other) => [name, other].toSorted().join(' and ')));
    return [...new Set(pairs)].map((pair) => `${phase.environment}: ${pair} are a failover pair and share wave ${wave.number}: neither can take over while both change.`);
  });
}

function manyAtOnce(phase: PlannedPhase): string[] {
  const atOnce = phase.waves[0]?.concurrency ?? 0;
  return atOnce < 3 ? [] : [`${phase.environment}: wave 1 starts with ${atOnce} regions at once.`];
}

function unwatched(document: PipelineDocument, phase: PlannedPhase): string[] {
  return document.checks.length > 0 ? [] : [`${phase.environment}: there are no checks; the soak only waits and cannot see a bad release.`];
}

const durationWarning = (ms: number): string[] =>
  ms <= weekMs ? [] : [`All soaks together take at least ${formatDuration(ms)}, longer than a week.`];
