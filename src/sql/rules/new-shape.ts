import { removedBy } from '../acts/removed.js';
import { isSameThing, part, type Thing } from '../acts/thing.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import type { Act } from '../acts/act.js';
import type { Rule } from './rule.js';

/** Tables and columns that are gone afterwards, renamed ones too. */
function lost(act: Act): Thing[] {
  const renamed = as('RenameStmt', act.statement.tree);
  if (renamed?.renameType === 'OBJECT_COLUMN') return [part('column', tableOf(renamed.relation), renamed.subname)];
  if (renamed?.renameType === 'OBJECT_TABLE') return [{ type: 'table', name: tableOf(renamed.relation) }];
  return removedBy(act).filter(({ type }) => type === 'table' || type === 'column');
}

export const newShape: Rule = {
  name: 'new-shape',
  severity: 'error',
  phases: ['contract.up'],
  about: 'contract.up drops or renames a table or column that the expand adds: running code uses it',
  check: (act, { expanded, migration }) => {
    const isSynced = ({ name, table }: Thing) => (migration.sync ?? []).some((sync) => sync.table === table?.name && sync.to.includes(name.name));
    const thing = lost(act).find((gone) => isSynced(gone) || expanded.some((own) => isSameThing(own, gone)));
    return thing && {
      problem: `The ${thing.type} ${written(thing.name)} belongs to the new shape: every release that runs by then uses it.`,
      remedy: 'A contract takes away the old shape. Leave the new one as it is.',
    };
  },
};
