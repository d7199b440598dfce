import { escapeIdentifier as quote } from 'pg';
import type { Sync } from '../../rollout/schema/migration.js';
import type { SyncColumn, SyncTable } from './sync-table.js';

/** What the body of a trigger's function is made from. */
export interface SyncBody {
  sync: Sync;
  table: SyncTable;
  /** While `meridian.backfill` is this, the trigger stands aside. Holds no quote. */
  mark: string;
  /** Columns whose default differs each time (`gen_random_uuid()`): whether such a value was written or came by itself cannot be told. */
  untold: Set<string>;
}

/**
 * The body in PL/pgSQL of a `BEFORE INSERT OR UPDATE … FOR EACH ROW` trigger. It assigns to `NEW` and runs no statement on any table: it cannot
 * fire itself, and whoever writes the row needs no right for it. Rows are compared with `*=`, byte for byte: `'Ann'` to `'ann'` is a change in every
 * collation, and types without an equality (json) can be compared. It names only the columns of both shapes: others may come and go while sessions
 * keep its plans.
 */
export function syncBody(body: SyncBody): string {
  return `#variable_conflict use_column
DECLARE
  made record;
BEGIN
  -- The backfill of the same migration makes the new shape from the old itself.
  IF current_setting('meridian.backfill', true) = '${body.mark}' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
${onInsert(body)}
  ELSE
${onUpdate(body)}
  END IF;
  RETURN NEW;
END`;
}

/** The new shape wins where it is given. Of a row that gives neither, the one that holds something is meant. */
function onInsert(body: SyncBody): string {
  const { table: { from, to } } = body;
  const isMeant = from.some(({ isRequired }) => isRequired) ? 'true' : `NOT (${areNull('NEW', to)})`;
  return `    -- A column is given where it differs from its default.
${copy(body.table, 'NEW')}
${makeDefaults('made', told(body, [...from, ...to]))}
    IF ${differ('NEW', 'made', told(body, to))} THEN
      IF ${differ('NEW', 'made', told(body, from))} THEN
        -- Both are given, as by COPY or when a row moves to another partition: a new shape that follows from the old is in step.
${make(body, 'made', 'NEW', to)}
        IF ${same('NEW', 'made', makable(body, to))} THEN
          RETURN NEW;
        END IF;
      END IF;
${make(body, 'NEW', 'NEW', from)}
    ELSIF NOT (${differ('NEW', 'made', told(body, from))}) AND ${areNull('NEW', from)} AND ${isMeant} THEN
${make(body, 'NEW', 'NEW', from)}
    ELSE
${make(body, 'NEW', 'NEW', to)}
    END IF;`;
}

/**
 * Whichever changed wins, and of both the new shape. A row that has not been filled back yet is filled first, or a write of a part of the new
 * shape would lose the rest.
 */
function onUpdate(body: SyncBody): string {
  const { table: { from, to } } = body;
  return `    IF ${differ('NEW', 'OLD', to)} THEN
      -- Not filled back yet: the new shape is at its defaults, and the old one is not what follows from them.
${copy(body.table, 'OLD')}
${makeDefaults('made', told(body, to))}
      IF ${same('OLD', 'made', told(body, to))} THEN
${make(body, 'made', 'OLD', from)}
        IF ${differ('OLD', 'made', from)} THEN
${make(body, 'made', 'NEW', to)}
${to.map((column) => keepUnlessWritten(column)).join('\n')}
        END IF;
      END IF;
${make(body, 'NEW', 'NEW', from)}
    ELSIF ${differ('NEW', 'OLD', from)} THEN
${make(body, 'NEW', 'NEW', to)}
    END IF;`;
}

const keepUnlessWritten = (column: SyncColumn): string => `          IF ${same('NEW', 'OLD', [column])} THEN
            ${field('NEW', column)} := ${field('made', column)};
          END IF;`;

type Row = 'NEW' | 'OLD' | 'made';

const field = (row: Row, { name }: SyncColumn): string => `${row}.${quote(name)}`;
/** Of the type that `made` has it in: what is only tried out breaks no rule of a domain. */
const plain = (row: Row, column: SyncColumn): string => `${field(row, column)}::${column.type}`;
const copy = ({ from, to }: SyncTable, source: Row): string =>
  `  SELECT ${[...from, ...to].map((column) => `${plain(source, column)} AS ${quote(column.name)}`).join(', ')} INTO made;`;

/** As one value: without the cast PostgreSQL would compare field by field, and has no `*=` for fields. */
const rowOf = (row: Row, columns: SyncColumn[]): string => `ROW(${columns.map((column) => plain(row, column)).join(', ')})::record`;
/** Of no columns neither can be said. */
const compare = (operator: '*=' | '*<>') => (one: Row, other: Row, columns: SyncColumn[]): string =>
  (columns.length === 0 ? 'false' : `${rowOf(one, columns)} OPERATOR(pg_catalog.${operator}) ${rowOf(other, columns)}`);
const same = compare('*=');
const differ = compare('*<>');
const areNull = (row: Row, columns: SyncColumn[]): string => columns.map((column) => `${field(row, column)} IS NULL`).join(' AND ');
const makable = ({ sync }: SyncBody, columns: SyncColumn[]): SyncColumn[] => columns.filter(({ name }) => Object.hasOwn(sync.using, name));
const told = ({ untold }: SyncBody, columns: SyncColumn[]): SyncColumn[] => columns.filter(({ name }) => !untold.has(name));

const makeDefaults = (target: Row, columns: SyncColumn[]): string =>
  (columns.length === 0 ? '' : assign(target, columns.map((column) => [column, column.default ?? 'NULL']), ''));

/** Makes columns of one shape in `target` from those of `source`, each seeing the row as it was before. A column without an expression stays as it is. */
function make(body: SyncBody, target: Row, source: Row, columns: SyncColumn[]): string {
  const { sync, table } = body;
  const makings = makable(body, columns).map((column): [SyncColumn, string] => [column, sync.using[column.name]!]);
  if (makings.length === 0) return '        NULL;';
  const seen = [...table.from, ...table.to].map((column) => `${field(source, column)} AS ${quote(column.name)}`);
  return assign(target, makings, ` FROM (SELECT ${seen.join(', ')}) AS ${quote(sync.table)}`);
}

/** A line break ends a comment that ends an expression. */
const assign = (target: Row, makings: [SyncColumn, string][], from: string): string =>
  `        SELECT ${makings.map(([, expression]) => `(${expression}\n)`).join(', ')} INTO ${makings.map(([column]) => field(target, column)).join(', ')}${from};`;
