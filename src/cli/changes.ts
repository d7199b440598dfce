import type { CheckResult, RegionState, Rollout, Verdict } from '../rollout/schema/rollout.js';
import { againstLimit, evidenceOf } from './figures.js';
import { printable } from './text-columns.js';

/**
 * One line for each thing that became different, for where no picture can be drawn: a log, a pipe. Without `before`: where the
 * rollout is, and where to look at it.
 */
export function changesBetween(before: Rollout | undefined, after: Rollout): string[] {
  const { id } = after;
  const status = before?.status === after.status ? [] : [`${id} ${after.release}: ${after.status}. ${after.why}`];
  if (!before) return [...status, ...linkOf(after)].map(printable);
  return [
    ...decisions(before, after).map((text) => `${id} ${text}`),
    ...after.regions.flatMap((region) => regionChanges(find(before, region), region).map((text) => `${id} ${region.environment}/${region.region}: ${text}`)),
    ...status,
  ].map(printable);
}

const linkOf = ({ id, links }: Rollout): string[] => (links.temporal === null ? [] : [`${id} in the Temporal UI: ${links.temporal}`]);

const find = (rollout: Rollout, { environment, region }: RegionState): RegionState | undefined =>
  rollout.regions.find((each) => each.environment === environment && each.region === region);

/** What people decided is in no other part of a rollout. The timeline is only added to at its end, and cut at its beginning. */
function decisions(before: Rollout, after: Rollout): string[] {
  const last = before.timeline.at(-1)?.at ?? before.createdAt;
  const known = new Set(before.timeline.filter(({ at }) => at === last).map(({ text }) => text));
  return after.timeline
    .filter(({ at, text }) => Date.parse(at) > Date.parse(last) || (at === last && !known.has(text)))
    .filter(({ kind }) => kind === 'decision' || kind === 'refused')
    .map(({ text }) => text);
}

function regionChanges(before: RegionState | undefined, after: RegionState): string[] {
  const status = before?.status === after.status ? [] : [`${after.status}${after.release === null ? '' : ` (${after.release})`}`];
  const checks = (after.soak?.checks ?? [])
    .filter((check) => verdictOf(before, check.name) !== check.verdict)
    .map(checkText);
  const failure = after.failure && after.failure.message !== before?.failure?.message ? [`${after.failure.code}: ${after.failure.message}`] : [];
  return [...status, ...checks, ...failure];
}

/** A soak begins without data; that is no news. */
const verdictOf = (region: RegionState | undefined, check: string): Verdict =>
  region?.soak?.checks.find(({ name }) => name === check)?.verdict ?? 'no-data';

const checkText = (check: CheckResult): string =>
  check.verdict === 'pass' || check.verdict === 'fail'
    ? `${check.name} ${check.verdict}: ${againstLimit(check)}, ${evidenceOf(check)}`
    : check.explanation;
