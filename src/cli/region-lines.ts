import stringWidth from 'string-width';
import type { CheckResult, RegionState, Rollout } from '../rollout/schema/rollout.js';
import { regionStatuses, type RegionStatus } from '../rollout/states/statuses.js';
import { againstLimit, evidenceOf, findingOf, seconds } from './figures.js';
import { placeName } from './place-name.js';
import type { RenderOptions } from './render-options.js';
import { soakBar } from './soak-bar.js';
import { paint, regionMarks, verdictMarks } from './status-marks.js';
import { alignColumns, cut, pad, wrap } from './text-columns.js';

/** Regions in the same quiet status share a line when there are more of them than this. */
const mostQuietLines = 6;
/** Of a region and its tenant. */
const longestName = 28;
/** Of the longest one: what stands behind does not jump about while the status changes. */
const statusWidth = Math.max(...regionStatuses.map((status) => status.length));
const quiet: readonly RegionStatus[] = ['pending', 'live', 'rolled-back', 'skipped', 'superseded'];

/** Nothing happens there, and nothing is to be said of it but its status. */
export const isQuiet = ({ status, failure, note }: RegionState): boolean => quiet.includes(status) && failure === undefined && note === undefined;

/** Too many to have a line each. */
export const isCrowd = (regions: RegionState[]): boolean => regions.length > mostQuietLines;

/** Statuses in which the checks say what happens, or what happened. */
const isShownWithChecks = ({ status }: RegionState): boolean => !['pending', 'live', 'skipped', 'superseded'].includes(status);

/** The regions of one wave, each with its step, releases, soak, checks and failure. */
export function regionLines(regions: RegionState[], rollout: Rollout, options: RenderOptions): string[] {
  const crowds = quiet
    .map((status) => regions.filter((region) => region.status === status && isQuiet(region)))
    .filter(isCrowd);
  const crowded = new Set(crowds.flat());
  const single = regions.filter((region) => !crowded.has(region));
  // Of the whole rollout, so that the waves stand in line.
  const nameWidth = Math.min(longestName, Math.max(...rollout.regions.map((region) => placeName(region).length)));
  return [
    ...crowds.map((crowd) => crowdLine(crowd, options)),
    ...single.flatMap((region) => [...ownLines(region, rollout, nameWidth, options), ...details(region, rollout, options)]),
  ];
}

function crowdLine(crowd: RegionState[], { width, colours }: RenderOptions): string {
  const { status } = crowd[0]!;
  const mark = regionMarks[status];
  return cut(`${paint(colours, mark, mark.symbol)} ${crowd.length} regions ${status}: ${crowd.map(placeName).join(', ')}`, width);
}

function ownLines(region: RegionState, rollout: Rollout, nameWidth: number, options: RenderOptions): string[] {
  const { colours, width } = options;
  const mark = regionMarks[region.status];
  const line = [
    `${paint(colours, mark, mark.symbol)} ${pad(cut(placeName(region), nameWidth), nameWidth)}`,
    pad(paint(colours, mark, region.status), statusWidth),
    releases(region, rollout),
  ].join('  ');
  const soak = soakText(region, options);
  if (soak === '') return [line.trimEnd()];
  const together = `${line.trimEnd()}  ${soak}`;
  return stringWidth(together) <= width ? [together] : [line.trimEnd(), `  ${soak}`];
}

function releases({ release, previous, status }: RegionState, { contract }: Rollout): string {
  if (contract !== undefined) return status === 'rolled-back' ? 'the old shape is back' : (release ?? '');
  if (status === 'rolled-back') return release === null ? 'nothing runs' : `back on ${release}`;
  if (release === null) return '';
  return previous === null || previous === release ? release : `${previous} → ${release}`;
}

function soakText(region: RegionState, { now, colours }: RenderOptions): string {
  if (!region.soak) return '';
  if (region.status === 'soaking') return soakBar(region.soak, now, colours);
  return region.status === 'live' ? colours.dim(`soaked ${seconds(region.soak.credited)}`) : '';
}

function details(region: RegionState, rollout: Rollout, options: RenderOptions): string[] {
  const { width, colours } = options;
  const checks = isShownWithChecks(region) ? (region.soak?.checks ?? []) : [];
  const words = judgement(region, rollout);
  const reasons = checks.filter(({ verdict, explanation }) => (verdict === 'no-data' || verdict === 'error') && !words.includes(explanation))
    .flatMap((check) => wrap(check.explanation, width, '    ').map(colours.dim));
  const { failure, note } = region;
  const failures = failure && !rollout.why.includes(failure.message)
    ? wrap(`${failure.code}: ${failure.message}`, width, '  ').map(colours.red)
    : [];
  const notes = note === undefined ? [] : wrap(note, width, '  ').map(colours.dim);
  return [
    ...checkLines(checks, options).map((line) => `  ${line}`), ...reasons, ...(words === '' ? [] : wrap(words, width, '  ').map(colours.yellow)), ...failures, ...notes,
  ];
}

/** What the judge says of a soak that does not simply go on, unless the sentence at the top has said it. */
function judgement({ status, soak }: RegionState, { why, waitingFor }: Rollout): string {
  if (status !== 'soaking' || soak === undefined || soak.decision === 'continue' || soak.decision === 'pass') return '';
  const isSaid = why.includes(soak.explanation) || waitingFor.some(({ needs }) => needs.includes(soak.explanation));
  return isSaid ? '' : `${soak.decision}: ${soak.explanation}`;
}

/** A line for each check; what it rests on is left away where there is no room for it. */
function checkLines(checks: CheckResult[], { width, colours }: RenderOptions): string[] {
  const rows = checks.map((check) => checkCells(check, colours));
  const lines = alignColumns(rows.map(withoutEmpty(rows)));
  const hasRoom = lines.every((line) => stringWidth(line) + 2 <= width);
  return hasRoom ? lines : alignColumns(rows.map(([name, observed, _evidence, finding, verdict]) => [name!, observed!, finding!, verdict!]));
}

/** Without the columns that are empty in every row. */
const withoutEmpty = (rows: string[][]) => (row: string[]): string[] => row.filter((_, at) => rows.some((other) => other[at] !== ''));

function checkCells(check: CheckResult, colours: RenderOptions['colours']): string[] {
  const mark = verdictMarks[check.verdict];
  return [`${paint(colours, mark, mark.symbol)} ${check.name}`, againstLimit(check), evidenceOf(check), findingOf(check), paint(colours, mark, check.verdict)];
}
