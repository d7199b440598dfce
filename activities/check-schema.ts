import { databaseOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import type { SchemaWork } from './work.js';

/** Asks the database of a place whether these migrations can be applied there: it answers, the rights are there, no checksum has changed. */
export async function checkSchema(dependencies: Dependencies, work: SchemaWork, signal: AbortSignal): Promise<void> {
  if (work.settings.database === null) return;
  await databaseOf(dependencies, work, (database, step) => database.check(step, signal));
}
