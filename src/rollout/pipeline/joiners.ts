import { blockOf } from '../control/blocks.js';
import type { Cell, Change } from './board.js';
import { sharesEnvironment } from './locks.js';
import { isContract } from './supersede.js';
import type { PipelineLedger } from './pipeline-ledger.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../places.js';
import { placesOfWalk } from '../plan/plan-question.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { Release } from '../schema/release.js';

/** A release that owed places of one environment get, because every other place there runs it, verified. */
export interface Joiner {
  environment: string;
  release: Release;
  places: Place[];
}

/**
 * Places that a new document adds to environments which were there before: new regions and tenants, and tenants that are let go. A new
 * environment owes nobody anything: the next rollout walks through it.
 */
export function joined(before: PipelineDocument, after: PipelineDocument): Place[] {
  return after.lifecycle.flatMap((phase) => {
    const known = before.lifecycle.find(({ environment }) => environment === phase.environment);
    if (known === undefined) return [];
    const keys = new Set(placesOfWalk(before, known).map(placeKey));
    return placesOfWalk(after, phase).filter((place) => !keys.has(placeKey(place)));
  });
}

/** The places that are owed, with more of them: each once. */
export function owe(owed: Place[], more: Place[]): Place[] {
  const known = new Set(owed.map(placeKey));
  return [...owed, ...more.filter((place) => !known.has(placeKey(place))).map(placeOf)];
}

/** Those that the document still ships to. */
export function stillOwed(owed: Place[], document: PipelineDocument): Place[] {
  const keys = new Set(document.lifecycle.flatMap((phase) => placesOfWalk(document, phase)).map(placeKey));
  return owed.filter((place) => keys.has(placeKey(place)));
}

/** The next release that the pipeline ships by itself to places that are behind; null when there is none, or not now. */
export function nextJoiner(ledger: PipelineLedger): Joiner | null {
  const { document, owed } = ledger;
  if (document === null || owed.length === 0 || document.policy.joiners === 'wait') return null;
  for (const phase of document.lifecycle) {
    const joiner = joinerOf(ledger, document, phase);
    if (joiner !== null) return joiner;
  }
  return null;
}

function joinerOf(ledger: PipelineLedger, document: PipelineDocument, phase: Phase): Joiner | null {
  const { environment } = phase;
  const owed = ledger.owed.filter((place) => place.environment === environment);
  if (owed.length === 0 || isBusy(ledger, environment)) return null;
  const release = whatOthersRun(ledger, placesOfWalk(document, phase), owed);
  if (release === null || blockOf(ledger.blocks, ledger.name, release) !== null) return null;
  const places = owed.filter((place) => !runs(ledger, place, release));
  // One rollout ships to all of them: it would wait where one of them cannot join yet, and keep others from the environment.
  const isReady = places.every((place) => mayJoin(ledger, document, place) && !wasTried(ledger, place, release));
  return isReady && places.length > 0 ? { environment, release, places } : null;
}

/** A contract keeps nobody waiting: it makes way for whoever joins. */
const isBusy = ({ running, queue }: PipelineLedger, environment: string): boolean =>
  [...running, ...queue].some((each) => !isContract(each) && sharesEnvironment(each, { environments: [environment] }));

/** The release that runs, verified, in every place that is not owed one; null when they do not all run the same. */
function whatOthersRun({ cells, bundles }: PipelineLedger, active: Place[], owed: Place[]): Release | null {
  const owedKeys = new Set(owed.map(placeKey));
  const byKey = new Map(cells.map((cell) => [placeKey(cell), cell]));
  const others = active.filter((place) => !owedKeys.has(placeKey(place))).map((place) => byKey.get(placeKey(place)));
  const versions = new Set(others.map((cell) => (isSettled(cell) ? cell.release : null)));
  const [version = null] = versions;
  if (versions.size !== 1 || version === null) return null;
  return bundles[version] ?? null;
}

const isSettled = (cell: Cell | undefined): cell is Cell => cell?.status === 'live' && cell.verified;

const runs = ({ cells }: PipelineLedger, place: Place, { version }: Release): boolean => {
  const cell = cells.find((each) => isSamePlace(each, place));
  return isSettled(cell) && cell.release === version;
};

/** Not while its region is drained, nor before the place of the same name in an earlier phase. */
function mayJoin({ drained, owed }: PipelineLedger, { lifecycle }: PipelineDocument, place: Place): boolean {
  const before = lifecycle.slice(0, lifecycle.findIndex(({ environment }) => environment === place.environment));
  const isEarlier = ({ environment, region, tenant }: Place): boolean =>
    region === place.region && tenant === place.tenant && before.some((phase) => phase.environment === environment && !phase.optional);
  return !Object.hasOwn(drained, place.region) && !owed.some(isEarlier);
}

function wasTried({ tried }: PipelineLedger, place: Place, { version }: Release): boolean {
  const key = placeKey(place);
  return Object.hasOwn(tried, key) && (tried[key] === null || tried[key] === version);
}

/**
 * A place that is verified is owed nothing. One where an undo has left nothing is owed what the others run: it was empty before. What was
 * taken back in a place is not shipped there again by itself.
 */
export function debtAfter({ document, owed, tried }: PipelineLedger, change: Change): Pick<PipelineLedger, 'owed' | 'tried'> {
  const key = placeKey(change);
  const { [key]: _before, ...others } = tried;
  if (change.verified) return { owed: owed.filter((place) => placeKey(place) !== key), tried: others };
  if (change.revoked === undefined) return { owed, tried };
  const isEmptied = document !== null && change.status === 'empty';
  return { owed: isEmptied ? stillOwed(owe(owed, [change]), document) : owed, tried: { ...others, [key]: change.revoked } };
}

/** A new document may have what a place lacked; what has failed there fails again. */
export const withoutRefusals = (tried: PipelineLedger['tried']): PipelineLedger['tried'] =>
  Object.fromEntries(Object.entries(tried).filter(([, release]) => release !== null));

/** The ledger with what these places are shipped now; null when they were refused it, and wait for a new document. */
export const noteTried = (ledger: PipelineLedger, places: Place[], release: string | null): PipelineLedger => ({
  ...ledger, tried: { ...ledger.tried, ...Object.fromEntries(places.map((place) => [placeKey(place), release])) },
});
