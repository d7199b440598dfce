import type { Migration } from '../../rollout/schema/migration.js';
import type { Act } from '../acts/act.js';
import type { Thing } from '../acts/thing.js';
import type { Phase } from '../phases.js';

/** SQL that does the same safely, by the text that it belongs into. */
export type Rewrite = Partial<Record<Phase, string>>;

/** What a rule has found. */
export interface Found {
  /** What happens to those who use the database, with the names of the statement. */
  problem: string;
  /** What to do instead, in a sentence. */
  remedy: string;
  rewrite?: Rewrite;
  /** In bytes of the text; the act's own place when absent. */
  at?: number;
}

/** What a rule may know besides the act that it looks at. */
export interface Facts {
  phase: Phase;
  migration: Migration;
  /** Acts of the same text before this statement. */
  before: Act[];
  /** All that the expand adds. */
  expanded: Thing[];
}

/** How bad: an error is never applied; a warning is for a person to weigh. */
export type Severity = 'error' | 'warning';

interface Entry {
  /** As its file is called. */
  name: string;
  severity: Severity;
  /** For the table in docs/migrations-lint.md: what it says no to, or asks about. */
  about: string;
}

/** A rule on one act. */
export interface Rule extends Entry {
  phases: readonly Phase[];
  check(act: Act, facts: Facts): Found | undefined;
}

/** Texts that run while the old shape is in use, or is put back: nothing may stand in the way of those who use it. */
export const everyPhase: readonly Phase[] = ['expand.up', 'expand.down', 'contract.up', 'contract.down'];
export const forward: readonly Phase[] = ['expand.up', 'contract.up', 'contract.down'];
