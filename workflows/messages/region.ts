import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ResolvedVariable } from '../../src/rollout/document/variables.js';
import type { Place } from '../../src/rollout/places.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import type { Metrics } from '../../src/rollout/schema/check.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { RegionState, SoakProgress } from '../../src/rollout/schema/rollout.js';

// What `rollout/<pipeline>-<number>/<environment>/<region>[/<tenant>]` is told and asked.

/** Everything that keeps this region from starting anything new, always as a whole: a message that was missed heals with the next. */
export interface RegionHolds {
  freezes: Freeze[];
  /** Why the region is drained; null when it takes part. */
  drained: string | null;
  isPaused: boolean;
  /** The rollout is held, stuck or going back, or its release is blocked: what soaks goes on, and nothing else begins. */
  isHeld: boolean;
  /** The newer rollout that takes over: what is half done gets to its end, a soak ends without credit, nothing else begins. */
  newer: string | null;
}
export const regionHoldsSignal = defineSignal<[RegionHolds]>('holds');

/** From the rollout to a region whose soak begins: what its judge is given besides what the region shows. Chosen anew for each soak. */
export interface Comparison {
  /** `startedAt` of the soak. */
  soak: string;
  /** Places that do not change meanwhile, how each is asked, and the version that serves there. */
  controls: (Place & { metrics: Metrics; variables: ResolvedVariable[]; release?: string | null })[];
  /** Evidence of the regions before, as log M by check. */
  carried: Record<string, number>;
  /** Bad requests that the release may still cost; null where there is no such budget. */
  budgetLeft: number | null;
}
export const comparisonSignal = defineSignal<[Comparison]>('comparison');

/** From an activity that changes the schema: how far it is, in one line. */
export const schemaNewsSignal = defineSignal<[{ text: string }]>('schemaNews');

/** What the judge of a soak has found, as people are told of it. */
export type SoakFinding = Pick<SoakProgress, 'decision' | 'cause' | 'needs' | 'explanation' | 'checks'>;

/** The watch of a soak tells its region of a change. Told again after a crash, it has the same number, and the last telling counts. */
export interface SoakNews {
  /** `startedAt` of the soak that it is about. */
  soak: string;
  /** Counted from 1. */
  number: number;
  /** What has changed; absent when only samples are kept. */
  verdict?: SoakFinding;
  /** Lines of samples and decisions in the format of `meridian judge replay`, gzip, base64; kept in the history for reports. */
  samples?: string;
}
export const soakNewsSignal = defineSignal<[SoakNews]>('soakNews');

/** The rollout hands a decision on to the region that it concerns. */
export const regionDecisionSignal = defineSignal<[{ kind: DecisionKind; decision: Decision }]>('regionDecision');
export const regionQuery = defineQuery<RegionState>('status');
