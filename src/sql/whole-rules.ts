import { batchBounds, batchKey, batchParameters, batchTable, onConflict, oneChange, plainChange, repeatedWrites, volatileBackfill } from './rules/batches.js';
import { contractHalf, noContract, oneWay, unrelated } from './rules/contract-half.js';
import { empty } from './rules/empty.js';
import { missingHalf } from './rules/missing-half.js';
import { syncColumns, syncExpression, syncReads, syncScalar, syncVolatile } from './rules/sync.js';
import { unsynced } from './rules/unsynced.js';
import type { WholeRule } from './rules/whole-rule.js';

/** Every rule on a migration as a whole: its halves, its backfill, its triggers. */
export const wholeRules: WholeRule[] = [
  empty, missingHalf, oneWay, contractHalf, unrelated, noContract,
  oneChange, batchBounds, batchKey, batchParameters, batchTable, onConflict, plainChange, repeatedWrites, volatileBackfill, unsynced,
  syncColumns, syncExpression, syncReads, syncScalar, syncVolatile,
];
