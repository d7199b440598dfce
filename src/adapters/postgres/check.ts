import type { SchemaStep } from '../../../activities/ports/database.js';
import { refuseChanged } from './ledger/checksums.js';
import { readLedger } from './ledger/rows.js';
import { refuseTransactionPooler } from './pooler.js';
import { refuseUnfit } from './rights.js';
import type { Session } from './session.js';

/** What a step would be refused for, before anything is touched. Takes no lock, makes no ledger. */
export async function check(session: Session, { pipeline, migrations }: SchemaStep): Promise<void> {
  await refuseTransactionPooler(session, session.aside);
  await refuseUnfit(session.client);
  refuseChanged(await readLedger(session.client, pipeline), migrations);
}
