import { durationMs, formatDuration } from '../duration.js';
import type { Check, Metrics } from '../schema/check.js';
import type { Phase, PipelineDocument, Soak } from '../schema/pipeline.js';
import { regionsOfPhase } from './phase-places.js';
import { soakOf } from './settings.js';

/** Fewer looks than these prove little: most soaks would be extended. */
const looksWanted = 10;

/** 4 h at a look every 30 s. All times of the judge scale with the interval. */
const historyLooks = 480;
const longestUnitMs = 30_000;

/** What is kept of the samples of one soak, in characters of history, and about what one check of one look takes of that: by itself, and for each place. */
const kept = { inAll: 2 * 1_024 * 1_024, check: 58, place: 23 };

/** The region itself and its controls. */
const mostPlaces = 9;

/** What a soak that has not been written otherwise reads of the past. */
const defaultHistory = '24h';

/** Smaller ones drown in the noise of any traffic. */
const smallestMargin = { ratio: 1.1, value: 1.02, histogram: 1.02 };

/** What a document asks of its soaks that they will hardly give. Never refuses. */
export function soakWarnings(document: PipelineDocument): string[] {
  return [
    ...document.checks.flatMap(tinyMargin),
    ...document.lifecycle.flatMap((phase) => phaseWarnings(document, phase).map((warning) => `${phase.environment}: ${warning}`)),
  ];
}

function phaseWarnings(document: PipelineDocument, phase: Phase): string[] {
  const soak = soakOf(document, phase);
  if (document.checks.length === 0) return watchedByNothing(soak);
  return [...fewLooks(soak), ...moreThanIsKept(soak, document, phase), ...earlyForNothing(soak), ...pastOf(soak, phase.metrics ?? document.metrics), ...neverFailing(document, phase)];
}

function tinyMargin({ name, kind, margin }: Check): string[] {
  const least = smallestMargin[kind];
  if (margin === undefined || margin >= least) return [];
  return [`${name}: a margin of ${margin} takes more traffic than a soak sees: it will be extended, and prove nothing. ${least} or more is what can be shown.`];
}

const watchedByNothing = ({ watchAfter }: Soak): string[] =>
  watchAfter === undefined ? [] : ['watchAfter has no effect: there are no checks that could be watched on.'];

function fewLooks({ min, interval }: Soak): string[] {
  const looks = Math.floor(durationMs(min) / durationMs(interval));
  if (looks >= looksWanted) return [];
  return [`the soak sees ${looks} ${looks === 1 ? 'look' : 'looks'} in its min of ${min}, one every ${interval}: little is proven by fewer than ${looksWanted}, and it will be extended. Raise min, or look more often.`];
}

/** Evidence lasts for any time; what it was made from is kept for the report of the soak, and that is history. */
function moreThanIsKept({ max, interval }: Soak, { checks, regions }: PipelineDocument, phase: Phase): string[] {
  const places = Math.min(mostPlaces, regionsOfPhase(phase, regions).length);
  const lastsMs = Math.floor(kept.inAll / (checks.length * (kept.check + kept.place * places))) * durationMs(interval);
  if (durationMs(max) <= lastsMs) return [];
  const unitMs = lastsMs < 7_200_000 ? 60_000 : 3_600_000;
  return [`a soak that takes its max of ${max}, a look every ${interval}, sees more than is kept for its report: after about ${formatDuration(Math.ceil(lastsMs / unitMs) * unitMs)} only decisions are, and the last looks. Look less often, or give a shorter max.`];
}

const earlyForNothing = ({ earlyFinish, duration, min }: Soak): string[] =>
  earlyFinish && durationMs(duration ?? min) <= durationMs(min) ? [`earlyFinish has no effect: the soak is not meant to take longer than its min of ${min}. Give a longer duration.`] : [];

function pastOf({ history, interval }: Soak, metrics: Metrics | undefined): string[] {
  if (metrics?.type === 'scrape') {
    return history === defaultHistory ? [] : ['history has no effect: metrics of type scrape keep no past. The judge begins with the noise that it takes for granted.'];
  }
  const wantedMs = historyLooks * Math.min(durationMs(interval), longestUnitMs);
  if (durationMs(history) >= wantedMs) return [];
  return [`history is ${history}, and the judge learns the noise of the checks from ${formatDuration(wantedMs)} or more: with less it needs more evidence, to pass and to fail.`];
}

/** Without a limit, and without a region that does not change meanwhile, there is only the past to compare with, which is no proof. */
function neverFailing({ checks, regions }: PipelineDocument, phase: Phase): string[] {
  if (!changesAllAtOnce(phase, regions)) return [];
  const names = checks.filter(isUnlimited).map(({ name }) => name);
  return names.map((name) => `${name} has no limit, and no region is left to compare with: it can hold the rollout, and never fail it.`);
}

const isUnlimited = (check: Check): boolean =>
  check.kind === 'histogram' || (check.kind === 'value' && check.max === undefined && check.min === undefined);

function changesAllAtOnce(phase: Phase, regions: PipelineDocument['regions']): boolean {
  const { waves } = phase;
  const count = regionsOfPhase(phase, regions).length;
  if (count === 1) return true;
  const isOneWave = waves === 'all' || (Array.isArray(waves) && waves.length === 1);
  return isOneWave && (phase.concurrency ?? count) >= count;
}
