import { withoutComments } from '../comments.js';
import { tableOfWords, written } from '../tables.js';
import { as } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

export const domainConstraint: Rule = {
  name: 'domain-constraint',
  severity: 'error',
  phases: everyPhase,
  about: 'ALTER DOMAIN … ADD or VALIDATE CONSTRAINT, SET NOT NULL: every table that uses the domain is looked at while nobody can write to it',
  check: ({ statement }, { phase }) => {
    const { subtype, typeName, def } = as('AlterDomainStmt', statement.tree) ?? {};
    // C adds, V validates, O refuses nulls; the rest only loosens.
    const isSlow = subtype === 'V' || subtype === 'O' || (subtype === 'C' && as('Constraint', def)?.skip_validation !== true);
    if (!isSlow) return undefined;
    return {
      problem: `Every column of the domain ${written(tableOfWords(typeName))} is looked at, and nobody can write to its tables meanwhile (SHARE lock).`,
      remedy: subtype === 'C' ? 'Let it hold for new values only.' : 'Write the check onto the tables: NOT VALID, then VALIDATE.',
      ...(subtype === 'C' && { rewrite: { [phase]: `${withoutComments(statement.sql)} NOT VALID;` } }),
    };
  },
};
