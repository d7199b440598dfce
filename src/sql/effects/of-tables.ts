import type { Constraint } from 'libpg-query';
import type { Act } from '../acts/act.js';
import { addedBy } from '../acts/added.js';
import { quoted } from '../quote.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { effect, long, rewriting, type ActEffect, type Effects } from './effect.js';

const all = ({ table }: Act): string => written(table);
const partition = ({ command }: Act): string => written(tableOf(as('PartitionCmd', command?.def)?.name));

/** Commands of ALTER TABLE on the table as a whole, constraints among them. */
export const tableEffects: Effects = {
  AT_AddConstraint: (act) => addsConstraint(act, as('Constraint', act.command?.def) ?? {}),
  AT_ValidateConstraint: (act) => effect(`proves the constraint ${quoted(act.command?.name ?? '')} of ${all(act)} for the rows that are there`, 'SHARE UPDATE EXCLUSIVE', long),
  AT_DropConstraint: (act) => effect(`drops the constraint ${quoted(act.command?.name ?? '')} of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_AlterConstraint: (act) => effect(`alters a constraint of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_AttachPartition: (act) => effect(`makes ${partition(act)} a partition of ${all(act)}`, 'SHARE UPDATE EXCLUSIVE', long),
  AT_DetachPartition: (act) => effect(`takes the partition ${partition(act)} out of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_SetRelOptions: (act) => effect(`sets options of ${all(act)}`, 'SHARE UPDATE EXCLUSIVE'),
  AT_ResetRelOptions: (act) => effect(`resets options of ${all(act)}`, 'SHARE UPDATE EXCLUSIVE'),
  AT_ChangeOwner: (act) => effect(`changes the owner of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_ReplicaIdentity: (act) => effect(`changes how replicas know the rows of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_EnableRowSecurity: (act) => effect(`hides rows of ${all(act)} by policies`, 'ACCESS EXCLUSIVE'),
  AT_DisableRowSecurity: (act) => effect(`shows all rows of ${all(act)}, whatever the policies say`, 'ACCESS EXCLUSIVE'),
  AT_ForceRowSecurity: (act) => effect(`hides rows of ${all(act)} from its owner too`, 'ACCESS EXCLUSIVE'),
  AT_NoForceRowSecurity: (act) => effect(`shows its owner all rows of ${all(act)}`, 'ACCESS EXCLUSIVE'),
  AT_SetLogged: (act) => effect(`writes ${all(act)} to the log`, 'ACCESS EXCLUSIVE', rewriting),
  AT_SetUnLogged: (act) => effect(`keeps ${all(act)} out of the log`, 'ACCESS EXCLUSIVE', rewriting),
  AT_SetTableSpace: (act) => effect(`moves ${all(act)} to another tablespace`, 'ACCESS EXCLUSIVE', rewriting),
  AT_SetAccessMethod: (act) => effect(`stores ${all(act)} another way`, 'ACCESS EXCLUSIVE', rewriting),
};

function addsConstraint(act: Act, { contype, skip_validation: isNotValid, indexname }: Constraint): ActEffect {
  const what = `adds the constraint ${quoted(addedBy(act)[0]?.name.name ?? '')} to ${all(act)}`;
  if (contype === 'CONSTR_FOREIGN') return effect(what, 'SHARE ROW EXCLUSIVE', isNotValid === true ? {} : long);
  return effect(what, 'ACCESS EXCLUSIVE', isNotValid === true || indexname !== undefined ? {} : long);
}
