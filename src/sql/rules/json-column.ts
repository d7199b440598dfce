import { quoted } from '../quote.js';
import { wordsOf } from '../tree.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rule } from './rule.js';

export const jsonColumn: Rule = {
  name: 'json-column',
  severity: 'warning',
  phases: forward,
  about: 'ADD COLUMN of json: has no equality, so SELECT DISTINCT * of code of before fails; jsonb has',
  check: onAddedColumn(({ colname, typeName }) => (wordsOf(typeName?.names).at(-1) === 'json'
    ? { problem: `json has no equality: a SELECT DISTINCT or GROUP BY over all columns fails as soon as ${quoted(colname)} is there.`, remedy: 'Use jsonb.' }
    : undefined)),
};
