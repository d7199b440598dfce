import type { SoakEvidence } from '../src/judge/evidence.js';
import type { CheckResult } from '../src/rollout/schema/rollout.js';
import type { Cursor } from './ports/metric-source.js';

/** What the watch of a soak keeps between two looks: the heartbeat details of the pending activity `watchSoak`. Small, JSON. */
export interface SoakHeartbeat {
  evidence: SoakEvidence;
  cursor: Cursor;
  /** The verdicts after the last look, for people. */
  results: CheckResult[];
  /** Time of the last look, ISO 8601. */
  at: string;
}
