import { isWrittenSame, tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { everyPhase, forward, type Rule } from './rule.js';

export const attachPartition: Rule = {
  name: 'attach-partition',
  severity: 'error',
  phases: forward,
  about: 'ATTACH PARTITION of a table without a CHECK that says the same: every row of it is looked at',
  check: ({ kind, command, table }, facts) => {
    const part = tableOf(as('PartitionCmd', command?.def)?.name);
    if (kind !== 'AT_AttachPartition' || isFresh(facts, part)) return undefined;
    const isChecked = facts.before.some((act) => act.kind === 'AT_ValidateConstraint' && isWrittenSame(act.table, part));
    if (isChecked) return undefined;
    const name = `${part.name}_bounds`.slice(0, 63);
    return {
      problem: `Every row of ${written(part)} is looked at while nobody can read or write it (ACCESS EXCLUSIVE lock on it).`,
      remedy: `Prove first that its rows lie within the bounds, while others work: ALTER TABLE ${written(part)} ADD CONSTRAINT ${name} CHECK (…) NOT VALID, `
        + `then ALTER TABLE ${written(part)} VALIDATE CONSTRAINT ${name}, then attach it to ${written(table)}.`,
    };
  },
};

export const newPartition: Rule = {
  name: 'new-partition',
  severity: 'warning',
  phases: forward,
  about: 'CREATE TABLE … PARTITION OF a table that is there: waits for everybody who reads the parent, and looks at all of a default partition',
  check: ({ statement }, facts) => {
    const made = as('CreateStmt', statement.tree);
    const parent = tableOf(as('RangeVar', made?.inhRelations?.[0]));
    if (made?.partbound === undefined || isFresh(facts, parent)) return undefined;
    return {
      problem: `It takes an ACCESS EXCLUSIVE lock on ${written(parent)}; where that has a default partition, all of its rows are looked at meanwhile.`,
      remedy: `Fine for a moment without a default partition. Otherwise: CREATE TABLE … (LIKE ${written(parent)} INCLUDING ALL), then ATTACH PARTITION.`,
    };
  },
};

export const detachConcurrently: Rule = {
  name: 'detach-concurrently',
  severity: 'error',
  phases: everyPhase,
  about: 'DETACH PARTITION … CONCURRENTLY: one that is cut off in its midst must be finished by hand',
  check: ({ command }) => (as('PartitionCmd', command?.def)?.concurrent === true
    ? {
      problem: 'If it is cut off, the partition stays half detached until somebody says FINALIZE.',
      remedy: 'Detach it without CONCURRENTLY: a lock for a moment, tried again by Meridian until it is had.',
    }
    : undefined),
};
