import type { Constraint } from 'libpg-query';
import { constraintName } from '../acts/constraint-name.js';
import { quoted } from '../quote.js';
import { provenLater } from '../rewrites.js';
import { commandRange, slice } from '../source.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { forward, type Rule } from './rule.js';

const kinds: Partial<Record<NonNullable<Constraint['contype']>, string>> = { CONSTR_CHECK: 'check', CONSTR_FOREIGN: 'reference', CONSTR_NOTNULL: 'not null' };

export const notValid: Rule = {
  name: 'not-valid',
  severity: 'error',
  phases: forward,
  about: 'ADD CONSTRAINT … CHECK, FOREIGN KEY or NOT NULL without NOT VALID: every row is looked at while others wait',
  check: (act, facts) => {
    const constraint = act.kind === 'AT_AddConstraint' ? as('Constraint', act.command?.def) : undefined;
    const kind = kinds[constraint?.contype ?? 'CONSTR_NULL'];
    if (constraint === undefined || kind === undefined || constraint.skip_validation === true || constraint.is_enforced === false || isFresh(facts, act.table)) return undefined;
    const name = constraintName(act.table, constraint);
    const sql = slice(act, act.at, commandRange(act).end);
    const other = constraint.contype === 'CONSTR_FOREIGN' ? ' and to the table that it refers to' : '';
    return {
      problem: `Every row of ${written(act.table)} is looked at for the ${kind}, and nobody can write to it${other} meanwhile.`,
      remedy: 'Let it hold for new rows at once, and prove it for those that are there while others work.',
      rewrite: { [facts.phase]: provenLater(act.table, name, constraint.conname === undefined ? `CONSTRAINT ${quoted(name)} ${sql}` : sql) },
    };
  },
};
