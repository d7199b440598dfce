import { adopt, changeBoard, revokeOnBoard, watchedNoMore, type Cell, type Change } from './board.js';
import { keepBundle, neededBundles, type Bundles } from './bundles.js';
import { noteDeploy } from './deploy-times.js';
import { MeridianFailure } from '../failure.js';
import { didYouMean } from '../nearest-name.js';
import { debtAfter, owe, stillOwed } from './joiners.js';
import { documentOf, type PipelineLedger } from './pipeline-ledger.js';
import { isSamePlace, type Place } from '../places.js';
import { markVerified, rememberRelease, revokeVerified, type KnownRelease, type Revocation } from './releases.js';
import type { Release } from '../schema/release.js';

// What regions report, and what people change, in what a pipeline knows.

/** Writes what a region says happened there onto the board and into the releases. */
export const noteChange = (ledger: PipelineLedger, change: Change & { deployMs?: number }): PipelineLedger => ({
  ...ledger,
  ...boardAfter(changeBoard(ledger.cells, change), ledger.bundles, change.verified ? change.release : null, 'shipped'),
  ...debtAfter(ledger, change),
  releases: markVerified(withShipped(ledger, change), change),
  deployMs: noteDeploy(ledger.deployMs, change),
});

/** A release that has passed its soak is known, though a pipeline that was begun anew has never heard of it. */
const withShipped = ({ releases }: PipelineLedger, { verified, release, at }: Change): KnownRelease[] =>
  (verified && release !== null ? rememberRelease(releases, release, at) : releases);

/** Writes what was found in a place that nobody has changed yet onto the board. */
export function noteFound(ledger: PipelineLedger, place: Place, found: Release | null, at: string): PipelineLedger {
  const cells = ledger.cells.map((cell) => (isSamePlace(cell, place) ? adopt(cell, found, at) : cell));
  return { ...ledger, ...boardAfter(cells, ledger.bundles, found, 'found') };
}

const boardAfter = (cells: Cell[], bundles: Bundles, good: Release | null, origin: 'shipped' | 'found') =>
  ({ cells, bundles: good === null ? bundles : neededBundles(keepBundle(bundles, good, origin), cells) });

/** Places that a rollout had to leave out are owed its release. */
export const noteOwed = (ledger: PipelineLedger, places: Place[]): PipelineLedger =>
  places.length === 0 ? ledger : { ...ledger, owed: stillOwed(owe(ledger.owed, places), documentOf(ledger)) };

/** The region is left out by rollouts, with the reason; null lets it take part again. Throws `InvalidRequest` for an unknown region. */
export function drainRegion(ledger: PipelineLedger, { region, reason }: { region: string; reason: string | null }): PipelineLedger {
  const { regions } = documentOf(ledger);
  if (reason !== null && !Object.hasOwn(regions, region)) {
    throw new MeridianFailure('InvalidRequest', `${ledger.name} has no region ${region}. It has: ${Object.keys(regions).join(', ')}.`);
  }
  const { [region]: _before, ...others } = ledger.drained;
  // What serves nobody shows nothing.
  const cells = reason === null ? ledger.cells : ledger.cells.map((cell) => (cell.region === region ? watchedNoMore(cell) : cell));
  return { ...ledger, cells, drained: reason === null ? others : { ...others, [region]: reason } };
}

/** Takes back what a release has passed, on record; `at` is ISO 8601. Throws `ReleaseUnknown`, or `InvalidRequest` for a place that is nowhere. */
export function revokeRelease(ledger: PipelineLedger, revocation: Revocation, at: string): { ledger: PipelineLedger; places: string[] } {
  for (const kind of ['environment', 'region', 'tenant'] as const) refuseUnknown(ledger, kind, revocation[kind]);
  const { releases, places } = revokeVerified(ledger.releases, revocation, at);
  return { ledger: { ...ledger, releases, cells: revokeOnBoard(ledger.cells, revocation.release, places) }, places };
}

/** A name that no place has is a typo: nothing would be taken back, and nobody would notice. */
function refuseUnknown({ name, cells }: PipelineLedger, kind: 'environment' | 'region' | 'tenant', wanted: string | undefined): void {
  const known = [...new Set(cells.flatMap((cell) => cell[kind] ?? []))];
  if (wanted === undefined || known.includes(wanted)) return;
  throw new MeridianFailure('InvalidRequest', `${name} has no ${kind} ${wanted}. It has: ${known.join(', ') || 'none'}.${didYouMean(wanted, known)}`);
}
