/** What one check has shown since the deploy. Plain JSON: it lives in the heartbeat of the watch. */
export interface CheckEvidence {
  bad: number;
  total: number;
  /** Last value of a `value` check, and how many looks in a row stood outside its bounds. */
  value: number | null;
  breaches: number;
  /** Looks that brought data, and the time (ms since the epoch) of the last of them. */
  samples: number;
  lastDataAt: number | null;
  /** Why the last look brought nothing; absent when it brought data. */
  silence?: { kind: 'no-data' | 'error'; reason: string };
}

export interface SoakEvidence {
  checks: Record<string, CheckEvidence>;
}
