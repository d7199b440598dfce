import { MeridianFailure } from '../src/rollout/failure.js';
import { canonical } from '../src/rollout/canonical.js';
import type { KnownMigration } from '../src/rollout/schema/migration.js';
import { knownMigration } from '../src/sql/known.js';
import { databaseOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import type { SchemaCheck, SchemaWork } from './work.js';

/** Asks the database of a place whether these migrations can be applied there: it answers, the rights are there, no checksum has changed. */
export async function checkSchema(dependencies: Dependencies, work: SchemaWork, signal: AbortSignal): Promise<void> {
  if (work.settings.database === null) return;
  await databaseOf(dependencies, work, (database, step) => database.check(step, signal));
}

/** Lints what is to be applied once more: what comes by Temporal itself has met no linter. Throws `MigrationRefused`, or `MigrationChanged` for a checksum that is another text's. */
export async function lintAgain({ migrations, toApply }: SchemaCheck): Promise<void> {
  for (const migration of migrations.filter(({ name }) => toApply.includes(name))) {
    const { checksums } = await knownMigration(textsOf(migration));
    if (canonical(checksums) === canonical(migration.checksums)) continue;
    throw new MeridianFailure('MigrationChanged', `${migration.name} was sent with the checksum of another text: send it through the API, which makes them.`);
  }
}

const textsOf = ({ checksums: _checksums, effects: _effects, ...migration }: KnownMigration) => migration;
