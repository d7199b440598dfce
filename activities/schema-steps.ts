import { MeridianFailure } from '../src/rollout/failure.js';
import { placeKey } from '../src/rollout/places.js';
import type { Dependencies } from './dependencies.js';
import { databaseOf } from './connect.js';
import { effect } from './effect.js';
import { schemaProgress } from './schema-progress.js';
import type { KeptMigration } from './ports/database.js';
import type { PlaceSchema } from '../src/rollout/schema/migration.js';
import type { SchemaPhaseWork, SchemaWork } from './work.js';

/** What the ledger in the database of a place says; empty where the place has no database. */
export const regionSchema = (dependencies: Dependencies) => (work: SchemaWork): Promise<PlaceSchema> =>
  effect((signal) => databaseOf(dependencies, work, (database, step) => database.schema(step, signal)));

export const expandRegion = (dependencies: Dependencies) => (work: SchemaPhaseWork): Promise<PlaceSchema> =>
  effect((signal) => databaseOf(dependencies, work, (database, step) => database.expand(step, schemaProgress(dependencies, work, database), signal)));

/** Tried again while a replica is behind: what reads there may still need what is about to go. */
export const contractRegion = (dependencies: Dependencies) => (work: SchemaPhaseWork): Promise<PlaceSchema> =>
  effect((signal) => databaseOf(dependencies, work, async (database, step) => {
    const progress = schemaProgress(dependencies, work, database);
    const why = await progress.mayGoOn(signal);
    if (why !== undefined) {
      progress.say(`waits: ${why}`);
      throw new MeridianFailure('ReplicaLagging', `${placeKey(work)} is not contracted yet: ${why}. It goes on by itself.`);
    }
    return database.contract(step, progress, signal);
  }));

/** Takes a phase of migrations back: of an expand what nobody else needs, of a contract all that has a way back. */
export const undoSchema = (dependencies: Dependencies) =>
  (work: SchemaWork & { step: 'expand' | 'contract' }): Promise<{ schema: PlaceSchema; kept: KeptMigration[] }> =>
    effect((signal) => databaseOf(dependencies, work, async (database, step) =>
      (work.step === 'expand' ? database.undoExpand(step, signal) : { schema: await database.undoContract(step, signal), kept: [] })));
