import type { Term } from './noise.js';

/** What the release does. `good`: nothing. `incident`: all regions get worse together, which is not the release. */
export type Truth = 'good' | 'incident' | 'bad';

export const metricNames = ['errors', 'slow', 'latency', 'durations', 'memory'] as const;
export type MetricName = (typeof metricNames)[number];

/** Where and how it is measured. */
export interface Place {
  /** Of each region. */
  requestsPerSecond: number;
  /** Share of requests that fail anyhow. */
  errorShare: number;
  /** Seconds between two looks. */
  step: number;
  controls: number;
  historyHours: number;
  soakMinutes: number;
}

export interface Effect {
  /** Factor for each metric that gets worse, in the region under test. */
  factors: Partial<Record<MetricName, number>>;
  /** Minutes from the deploy to the first bad look. */
  onset?: number;
  /** Minutes until it is as bad as it gets, in a straight line. */
  ramp?: number;
  /** Only one pod of so many is bad: `factors` say how bad that pod is. */
  pods?: number;
}

export interface Scenario {
  name: string;
  /** One line for the report. */
  about: string;
  truth: Truth;
  /** Whether its noise is what the judge assumes (mean-reverting drift of half an hour, over-dispersed counts) or something else. */
  family: 'assumed' | 'different';
  place: Place;
  /** The logarithm of what errors are multiplied by; the other metrics move less (`world.ts`). */
  terms: Term[];
  /** Variance of a factor around 1 that each look's bad requests have: they come in clusters. */
  clusters: number;
  /** Deviation of a single value around its drift, and degrees of freedom of Student's t if it is not normal. */
  valueNoise: { sigma: number; freedom?: number };
  /** What traffic is multiplied by, besides. */
  traffic?: Term[];
  /** Share of samples that are not there, and gaps for a whole region of some minutes, so many an hour. */
  missing?: { share: number; gapsPerHour: number; gapMinutes: number };
  /** Deviation of the logarithm of how wide latencies are spread, from region to region. */
  shapes?: number;
  effect?: Effect;
  /** To hold is right, although the release is good: something happens to all regions that a person should see. */
  mayHold?: boolean;
  /** So many times as many soaks as the others get: the bar is set for this one. Only for bad ones, so that good ones weigh the same. */
  times?: number;
}
