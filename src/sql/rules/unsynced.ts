import { pathOf } from '../phases.js';
import { onPath } from './at-whole.js';
import type { WholeRule } from './whole-rule.js';

export const unsynced: WholeRule = {
  name: 'unsynced',
  severity: 'warning',
  about: 'A backfill without `sync`: rows that an old release writes behind it are never filled',
  check: ({ migration: { backfill, sync = [] } }) => (backfill === undefined || sync.length > 0 ? [] : [onPath(unsynced, pathOf.backfill, {
    problem: 'An old release goes on writing rows where the backfill has been already, and nothing fills these.',
    remedy: 'Give `sync` with the columns of both shapes. Without it the new code must bear rows that are not filled, or triggers of your own must fill them.',
  })]),
};
