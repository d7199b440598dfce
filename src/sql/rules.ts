import { attachPartition, detachConcurrently, newPartition } from './rules/partition.js';
import { cascade } from './rules/cascade.js';
import { changed, writtenAnew } from './rules/changed.js';
import { constrainedColumn } from './rules/constrained-column.js';
import { countedColumn } from './rules/counted-column.js';
import { domainConstraint } from './rules/domain.js';
import { downOnlyTakes } from './rules/down-only-takes.js';
import { downTakesOwn, expandOnlyAdds } from './rules/expand-only-adds.js';
import { dropIndexConcurrently } from './rules/drop-index-concurrently.js';
import { enumValue } from './rules/enum-value.js';
import { exclusion } from './rules/exclusion.js';
import { expandNotNull, provenNotNull } from './rules/set-not-null.js';
import { foundAlready } from './rules/found-already.js';
import { ifExists } from './rules/if-exists.js';
import { ifNotExists } from './rules/if-not-exists.js';
import { indexConcurrently } from './rules/index-concurrently.js';
import { indexName } from './rules/index-name.js';
import { jsonColumn } from './rules/json-column.js';
import { ledger } from './rules/ledger.js';
import { looser, newDefault } from './rules/looser.js';
import { newShape } from './rules/new-shape.js';
import { noMigration } from './rules/no-migration.js';
import { notValid } from './rules/not-valid.js';
import { parameter } from './rules/parameter.js';
import { refresh } from './rules/refresh.js';
import { rename } from './rules/rename.js';
import { replace } from './rules/replace.js';
import { requiredColumn } from './rules/required-column.js';
import { rows, rowsPutBack } from './rules/rows.js';
import { storedColumn } from './rules/stored-column.js';
import { stricter } from './rules/stricter.js';
import { tableFromQuery } from './rules/table-from-query.js';
import { trigger } from './rules/trigger.js';
import { typeChange, typeWidening } from './rules/type-change.js';
import { understood } from './rules/understood.js';
import { primaryKeyNulls, uniqueUsingIndex } from './rules/unique-using-index.js';
import { volatileDefault } from './rules/volatile-default.js';
import type { Rule } from './rules/rule.js';

/** Every rule on a statement, or on one command of it, as docs/migrations-lint.md lists them. */
export const rules: Rule[] = [
  // What is no part of a migration at all
  understood, noMigration, ledger, parameter, cascade,
  // Code of before goes on working
  expandOnlyAdds, rename, changed, expandNotNull, requiredColumn, stricter, looser, newDefault, trigger, replace, enumValue, jsonColumn,
  // Nobody waits
  indexConcurrently, dropIndexConcurrently, indexName, notValid, uniqueUsingIndex, primaryKeyNulls, exclusion, constrainedColumn, provenNotNull, domainConstraint,
  attachPartition, newPartition, detachConcurrently, refresh,
  // No table is written anew, and no row outside a batch
  typeChange, typeWidening, volatileDefault, countedColumn, storedColumn, writtenAnew, rows, rowsPutBack, tableFromQuery,
  // There is a way back
  downTakesOwn, downOnlyTakes, ifExists, foundAlready, newShape, ifNotExists,
];
