import type { Teller } from '../teller.js';

/** What came of asking one source: a Temporal CLI that runs, or why there is none, as half a sentence. */
export type Found = { path: string } | { missing: string };

/** One place to get a Temporal CLI from. Never throws for a source that has none; may take as long as it says. */
export interface TemporalSource {
  /** `the PATH` */
  name: string;
  get(tell: Teller, signal: AbortSignal): Promise<Found>;
}

/** A source that cannot be reached is given up after this time. */
export const reachMs = 10_000;
