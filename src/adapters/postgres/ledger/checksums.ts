import { MeridianFailure } from '../../../rollout/failure.js';
import type { KnownMigration } from '../../../rollout/schema/migration.js';
import type { Entry } from './rows.js';

const shown = 12;

/** Throws `MigrationChanged` for the first migration that was applied with another content. A contract may be younger than its expand. */
export function refuseChanged(ledger: Map<string, Entry>, migrations: KnownMigration[]): void {
  for (const { name, checksums } of migrations) {
    for (const phase of ['expand', 'contract'] as const) {
      const row = ledger.get(name)?.[phase];
      const now = checksums[phase];
      if (row === undefined || now === undefined || row.checksum === now) continue;
      throw new MeridianFailure('MigrationChanged',
        `${name} has another ${phase} (checksum ${now.slice(0, shown)}…) than the one that ${row.rollout} applied here (${row.checksum.slice(0, shown)}…). `
        + 'A migration never changes once it is applied: put it back as it was, and give what is new a new name.');
    }
  }
}
