import { isSamePlace, placeKey } from '../rollout/places.js';
import type { CheckResult, RegionState, Rollout, TimelineEntry, Verdict } from '../rollout/schema/rollout.js';
import { deedOf } from './rollout-deed.js';
import { againstLimit, evidenceOf, findingOf } from './figures.js';
import { printable } from './text-columns.js';

/**
 * One line for each thing that became different, for where no picture can be drawn: a log, a pipe. Without `before`: where the
 * rollout is, and where to look at it.
 */
export function changesBetween(before: Rollout | undefined, after: Rollout): string[] {
  const { id } = after;
  const status = before?.status === after.status ? [] : [`${id} ${deedOf(after)}: ${after.status}. ${after.why}`];
  if (!before) return [...status, ...linkOf(after)].map(printable);
  return [
    ...toldOf(before, after).map((text) => `${id} ${text}`),
    ...after.regions.flatMap((region) => regionChanges(find(before, region), region).map((text) => `${id} ${placeKey(region)}: ${text}`)),
    ...status,
  ].map(printable);
}

const linkOf = ({ id, links }: Rollout): string[] => (links.temporal === null ? [] : [`${id} in the Temporal UI: ${links.temporal}`]);

const find = (rollout: Rollout, region: RegionState): RegionState | undefined => rollout.regions.find((each) => isSamePlace(each, region));

/** What no status of a rollout or region tells: what people decided, which rule they passed over, which freeze began or ended. */
const told: readonly TimelineEntry['kind'][] = ['decision', 'override', 'refused', 'freeze'];

/** The timeline is only added to at its end, and cut at its beginning. */
function toldOf(before: Rollout, after: Rollout): string[] {
  const last = before.timeline.at(-1)?.at ?? before.createdAt;
  const known = new Set(before.timeline.filter(({ at }) => at === last).map(({ text }) => text));
  return after.timeline
    .filter(({ at, text }) => Date.parse(at) > Date.parse(last) || (at === last && !known.has(text)))
    .filter(({ kind }) => told.includes(kind))
    .map(({ text }) => text);
}

function regionChanges(before: RegionState | undefined, after: RegionState): string[] {
  const status = before?.status === after.status ? [] : [`${after.status}${after.release === null ? '' : ` (${after.release})`}`];
  const checks = (after.soak?.checks ?? [])
    .filter((check) => check.verdict !== 'inconclusive' && verdictOf(before, check.name) !== check.verdict)
    .map(checkText);
  return [...status, ...checks, ...judgement(before, after), ...newWords(before, after)];
}

/** What the judge says now. That a soak goes on, or is over, is no news of its own. */
function judgement(before: RegionState | undefined, { status, soak }: RegionState): string[] {
  if (status !== 'soaking' || soak === undefined || soak.decision === 'pass') return [];
  return soak.decision === (before?.soak?.decision ?? 'continue') ? [] : [`${soak.decision}: ${soak.explanation}`];
}

/** Why it failed, and what is to be known of it, as far as that was not said before. */
function newWords(before: RegionState | undefined, { failure, note }: RegionState): string[] {
  return [
    ...(failure && failure.message !== before?.failure?.message ? [`${failure.code}: ${failure.message}`] : []),
    ...(note === undefined || note === before?.note ? [] : [note]),
  ];
}

/** A soak begins without data; that is no news. */
const verdictOf = (region: RegionState | undefined, check: string): Verdict =>
  region?.soak?.checks.find(({ name }) => name === check)?.verdict ?? 'no-data';

const checkText = (check: CheckResult): string =>
  check.verdict === 'pass' || check.verdict === 'fail'
    ? `${check.name} ${check.verdict}: ${[againstLimit(check), evidenceOf(check), findingOf(check)].filter((text) => text !== '').join(', ')}`
    : check.explanation;
