import type { SchemaStep } from '../../../activities/ports/database.js';
import { refuseChanged } from './ledger/checksums.js';
import { readLedger } from './ledger/rows.js';
import { refuseForeignTables } from './ownership.js';
import { refuseTransactionPooler } from './pooler.js';
import { refuseUnfit } from './rights.js';
import type { Session } from './session.js';

/** What a step would be refused for, before anything is touched. Takes no lock, makes no ledger. */
export async function check(session: Session, { pipeline, migrations }: SchemaStep): Promise<void> {
  await refuseTransactionPooler(session, session.aside);
  await refuseUnfit(session.client);
  const ledger = await readLedger(session.client, pipeline);
  refuseChanged(ledger, migrations);
  await refuseForeignTables(session.client, migrations.filter(({ name }) => ledger.get(name)?.expand?.state !== 'done'));
}
