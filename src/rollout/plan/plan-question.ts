import { regionsOfPhase } from '../document/phase-places.js';
import { placeKey, type Place } from '../places.js';
import type { BoardCell } from '../schema/board.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import { placesToContract } from '../migrations/places-to-contract.js';
import type { MigrationSummary } from '../migrations/records.js';
import type { Release } from '../schema/release.js';
import type { ShipOptions } from '../schema/ship.js';
import { placesIn } from '../document/tenants.js';

/** Everything that a plan depends on. */
export interface PlanQuestion {
  /** As this rollout uses it; see tailorDocument. */
  document: PipelineDocument;
  revision: number;
  /** The version to ship. */
  release: string;
  /** What it stands for, where that is known. */
  bundle?: Pick<Release, 'artifact' | 'config' | 'migrations' | 'freeOf'> | undefined;
  options: ShipOptions;
  /** By the key of every place where the release has passed its soak. */
  verified: Record<string, unknown>;
  /** What runs where now. */
  board: Pick<BoardCell, 'environment' | 'region' | 'tenant' | 'release'>[];
  /** Region → why rollouts leave it out just now. */
  drained?: Record<string, string>;
  /** Every migration that the pipeline knows, and how far each is in which place. */
  migrations?: MigrationSummary[];
  /** The old shape of these goes away, and no code changes; absent where a release is shipped. */
  contract?: string[] | undefined;
}

/** A question with the answer to what everything else asks: where the release runs. */
export interface PreparedQuestion extends PlanQuestion {
  /** Keys of the places. */
  running: ReadonlySet<string>;
  /** Keys of the places where something is to be contracted; null where a release is shipped. */
  contracting: ReadonlySet<string> | null;
}

export const prepared = (question: PlanQuestion): PreparedQuestion => ({
  ...question,
  running: new Set(question.board.filter(({ release }) => release === question.release).map(placeKey)),
  contracting: question.contract === undefined ? null : new Set(placesToContract(question.migrations ?? [], question.contract, question.document)),
});

/** Where a phase ships to; tenants that are held back are no part of it. */
export const placesOfWalk = (document: PipelineDocument, phase: Phase): Place[] =>
  regionsOfPhase(phase, document.regions).flatMap((region) => placesIn(document, phase.environment, region));

export const isVerifiedAt = ({ verified, contracting }: Pick<PlanQuestion, 'verified'> & Partial<Pick<PreparedQuestion, 'contracting'>>, place: Place): boolean =>
  (contracting ? !contracting.has(placeKey(place)) : Object.hasOwn(verified, placeKey(place)));

/** The release runs there, verified, or nothing is to be contracted: nothing is left to do. */
export const isDoneAt = (question: PreparedQuestion, place: Place): boolean =>
  isVerifiedAt(question, place) && (question.contracting !== null || question.running.has(placeKey(place)));
