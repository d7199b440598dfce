import type { WholeRule } from './rules/whole-rule.js';

/** Every rule on a migration as a whole: its halves, its backfill, its triggers. */
export const wholeRules: WholeRule[] = [];
