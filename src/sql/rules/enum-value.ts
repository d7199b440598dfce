import { tableOfWords, written } from '../tables.js';
import { as } from '../tree.js';
import type { Rule } from './rule.js';

export const enumValue: Rule = {
  name: 'enum-value',
  severity: 'warning',
  phases: ['expand.up'],
  about: 'ALTER TYPE … ADD VALUE: no undo takes the value away, and code of before may meet it',
  check: ({ statement }) => {
    const { typeName, oldVal, newVal = '', skipIfNewValExists } = as('AlterEnumStmt', statement.tree) ?? {};
    if (typeName === undefined || oldVal !== undefined) return undefined;
    return {
      problem: `The value ${newVal} of ${written(tableOfWords(typeName))} stays after an undo, and code of before may read it.`,
      remedy: skipIfNewValExists === true ? 'Fine if code of before can read values that it does not know.' : 'Fine if code of before can read values that it does not know. Write ADD VALUE IF NOT EXISTS: after an undo it is there.',
    };
  },
};
