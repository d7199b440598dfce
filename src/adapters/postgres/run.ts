import type { SchemaStep } from '../../../activities/ports/database.js';
import type { Database } from '../../rollout/schema/database.js';
import type { PlaceSchema } from '../../rollout/schema/migration.js';
import { takeLock } from './advisory-lock.js';
import { failureOf } from './failures.js';
import { refuseChanged } from './ledger/checksums.js';
import { placeSchema, readLedger } from './ledger/rows.js';
import { ensureLedger } from './ledger/tables.js';
import { untilUnlocked } from './locked-out.js';
import { refuseTransactionPooler } from './pooler.js';
import { refuseUnfit } from './rights.js';
import { inSession, type Session } from './session.js';
import { inTransaction } from './transaction.js';

/** One step on its way in one session, which alone works on the migrations of the pipeline. */
export interface Run {
  session: Session;
  step: SchemaStep;
  say(text: string): void;
}

export interface Change<T> {
  settings: Database;
  step: SchemaStep;
  say?: (text: string) => void;
  signal: AbortSignal;
  work: (run: Run) => Promise<T>;
}

/** Does what changes a database: in the lock, with a ledger, with nothing that has changed since it was applied. Answers what the ledger says then. */
export const changeSchema = <T>({ settings, step, say = () => undefined, signal, work }: Change<T>): Promise<{ schema: PlaceSchema; result: T }> =>
  inSession(settings, signal, async (session) => {
    await refuseTransactionPooler(session, session.aside);
    await refuseUnfit(session.client);
    await takeLock(session, step.pipeline, say);
    await ensureLedger(session.client);
    refuseChanged(await readLedger(session.client, step.pipeline), step.migrations);
    const result = await work({ session, step, say });
    return { schema: await placeSchema(session.client, step.pipeline), result };
  });

/** A short transaction, tried until it gets its locks. `what` names it for people. */
export async function shortly<T>({ session, say }: Run, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await untilUnlocked(session, what, say, () => inTransaction(session.client, session.limits, work));
  } catch (error) {
    throw failureOf(error, session.scrub, what);
  }
}
