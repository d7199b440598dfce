import type { RegionDatabase } from '../../../activities/ports/database.js';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import { migration } from './killed-migration.js';
import { listener, never, settingsOf, stepOf } from './region-database.js';

/** A worker in a process of its own: takes one step at a time as it is told, and may be killed in the middle of it. */

export type Verb = 'expand' | 'undoExpand' | 'contract' | 'undoContract';

const work: Record<Verb, (database: RegionDatabase) => Promise<unknown>> = {
  expand: (database) => database.expand(stepOf([migration]), listener(), never),
  undoExpand: (database) => database.undoExpand(stepOf([migration]), never),
  contract: (database) => database.contract(stepOf([migration]), listener(), never),
  undoContract: (database) => database.undoContract(stepOf([migration]), never),
};

process.on('message', ({ verb, url }: { verb: Verb; url: string }) => {
  const database = postgresDatabase()(settingsOf(url));
  work[verb](database).then(
    () => process.send!({ done: true }),
    (error: unknown) => process.send!({ done: false, code: (error as { code?: string }).code, message: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send!('ready');
