import type { Node } from 'libpg-query';
import type { Sync } from '../../rollout/schema/migration.js';
import { parseExpression } from '../expression.js';
import { beginningOf, type Finding } from '../finding.js';
import { unreadable } from '../migration-texts.js';
import { quoted } from '../quote.js';
import { everyOf, wordsOf } from '../tree.js';
import { volatileFunctions } from '../volatile.js';
import { onPath } from './at-whole.js';
import type { Found } from './rule.js';
import type { WholeRule } from './whole-rule.js';

interface Expression {
  column: string;
  sql: string;
  tree: Node;
  /** Columns of the other shape: those that it may read. */
  readable: string[];
}

type Entry = Pick<WholeRule, 'name' | 'severity' | 'about'>;

/** As a part of a JSON pointer. */
const pointed = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const pathTo = (index: number, column: string): string => `/sync/${index}/using/${pointed(column)}`;

/** What may be read: a column of the new shape is made from the old one, and the other way round. */
const readableFor = ({ from, to }: Sync, column: string): string[] => (to.includes(column) ? from : to);

/** A rule on each expression that can be read. */
function onExpression(entry: Entry, check: (expression: Expression) => Found | undefined): WholeRule {
  return {
    ...entry,
    check: ({ migration: { sync = [] } }) => sync.flatMap((each, index) => Object.entries(each.using).flatMap(([column, sql]): Finding[] => {
      const tree = parseExpression(sql);
      const found = tree instanceof Error ? undefined : check({ column, sql, tree, readable: readableFor(each, column) });
      return found === undefined ? [] : [{ ...onPath(entry, pathTo(index, column), found), sql: beginningOf(sql) }];
    })),
  };
}

export const syncExpression: WholeRule = {
  name: 'sync-expression',
  severity: 'error',
  about: '`using` that is not one scalar expression',
  check: ({ migration: { sync = [] } }) => sync.flatMap((each, index) => Object.entries(each.using).flatMap(([column, sql]) => {
    const tree = parseExpression(sql);
    if (!(tree instanceof Error)) return [];
    return [{ ...unreadable(tree, pathTo(index, column), sql), rule: syncExpression.name, sql: beginningOf(sql), remedy: 'Write one expression over the columns of the other shape, such as split_part(name, \' \', 1).' }];
  })),
};

export const syncColumns: WholeRule = {
  name: 'sync-columns',
  severity: 'error',
  about: '`using` that lacks a column of `from` or `to`, or has another one; a column in both',
  check: ({ migration: { sync = [] } }) => sync.flatMap((each, index) => {
    const columns = [...each.from, ...each.to];
    const lacking = columns.filter((column) => !Object.hasOwn(each.using, column));
    const foreign = Object.keys(each.using).filter((column) => !columns.includes(column));
    const both = each.from.filter((column) => each.to.includes(column));
    const at = (found: Found, path = `/sync/${index}/using`) => onPath(syncColumns, path, found);
    return [
      ...lacking.map((column) => at({ problem: `Nothing says how ${quoted(column)} is made from the other shape.`, remedy: 'Both releases write: give an expression for every column of `from` and of `to`.' })),
      ...foreign.map((column) => at({ problem: `${quoted(column)} is neither in \`from\` nor in \`to\`.`, remedy: 'Name it in one of the two, or leave its expression out.' }, pathTo(index, column))),
      ...both.map((column) => at({ problem: `${quoted(column)} is in \`from\` and in \`to\`: it cannot be made from itself.`, remedy: 'Name it in one of the two.' }, `/sync/${index}`)),
    ];
  }),
};

export const syncReads = onExpression(
  { name: 'sync-reads', severity: 'error', about: 'An expression that reads other columns than those of the other shape, a parameter, or another table' },
  ({ tree, readable }) => {
    const foreign = everyOf('ColumnRef', { tree }).find(({ fields = [] }) => fields.length !== 1 || !readable.includes(wordsOf(fields)[0] ?? ''));
    const remedy = `Read ${readable.map(quoted).join(', ')} only, without a table before the name.`;
    if (foreign !== undefined) return { problem: `It reads ${wordsOf(foreign.fields).map(quoted).join('.') || '*'}, which is not of the other shape.`, remedy };
    if (everyOf('SubLink', { tree }).length > 0) return { problem: 'It asks another table, with every row that is written.', remedy };
    return everyOf('ParamRef', { tree }).length > 0 ? { problem: 'Nobody gives its parameter a value.', remedy } : undefined;
  },
);

export const syncScalar = onExpression(
  { name: 'sync-scalar', severity: 'error', about: 'An aggregate, a window or a function of many rows in `using`: a trigger sees one row' },
  ({ tree }) => {
    const call = everyOf('FuncCall', { tree }).find(({ funcname, over, agg_star: isStar, agg_distinct: isDistinct, agg_order: order }) =>
      over !== undefined || isStar === true || isDistinct === true || order !== undefined || many.has(wordsOf(funcname).at(-1) ?? ''));
    return call === undefined ? undefined
      : { problem: `${wordsOf(call.funcname).join('.')}() is about many rows, and a trigger sees one.`, remedy: 'Use a function of one row.' };
  },
);

const many = new Set(['count', 'sum', 'avg', 'min', 'max', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'bool_and', 'bool_or', 'every',
  'unnest', 'generate_series', 'regexp_split_to_table', 'regexp_matches', 'string_to_table', 'json_array_elements', 'jsonb_array_elements', 'row_number', 'rank']);

export const syncVolatile = onExpression(
  { name: 'sync-volatile', severity: 'warning', about: 'A function in `using` that may answer anew: old and new column would never agree' },
  ({ tree }) => {
    const [called] = volatileFunctions({ tree });
    return called === undefined ? undefined : { problem: `${called}() may answer anew each time, so the two shapes might never agree.`, remedy: 'Fine if it is a function of your own that always gives the same answer.' };
  },
);
