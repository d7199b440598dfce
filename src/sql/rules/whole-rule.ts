import type { Migration } from '../../rollout/schema/migration.js';
import type { Thing } from '../acts/thing.js';
import type { Finding } from '../finding.js';
import type { MigrationText } from '../migration-texts.js';
import type { Severity } from './rule.js';

/** A migration whose texts are read, as far as they can be. */
export interface Whole {
  migration: Migration;
  texts: MigrationText[];
  /** All that the expand adds. */
  expanded: Thing[];
}

/** A rule on a migration as a whole. */
export interface WholeRule {
  name: string;
  severity: Severity;
  about: string;
  check(whole: Whole): Finding[];
}
