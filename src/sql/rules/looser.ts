import { quoted } from '../quote.js';
import { isFresh, ownColumns } from './fresh.js';
import type { Rule } from './rule.js';

export const looser: Rule = {
  name: 'looser',
  severity: 'warning',
  phases: ['expand.up'],
  about: 'DROP NOT NULL in an expand: code of before may meet a null where there never was one',
  check: ({ kind, command, table }, facts) => {
    if (kind !== 'AT_DropNotNull' || isFresh(facts, table)) return undefined;
    return {
      problem: `Code of before may read a null in ${quoted(command?.name ?? '')} as soon as new code writes one.`,
      remedy: 'Right if `sync` fills it for rows that new code writes, or if code of before can read nulls.',
    };
  },
};

export const newDefault: Rule = {
  name: 'new-default',
  severity: 'warning',
  phases: ['expand.up'],
  about: 'SET DEFAULT on a column that was there before: rows that code of before inserts get another value',
  check: ({ kind, command, table }, facts) => {
    const column = command?.name ?? '';
    if (kind !== 'AT_ColumnDefault' || command?.def === undefined || isFresh(facts, table) || ownColumns(facts, table).includes(column)) return undefined;
    return {
      problem: `Rows that code of before inserts get another value in ${quoted(column)}, and expand.down must know the old default.`,
      remedy: 'Fine if code of before always writes the column. Otherwise let new code write the value itself.',
    };
  },
};
