import type { Check } from '../rollout/schema/check.js';
import type { CheckResult, Verdict } from '../rollout/schema/rollout.js';
import type { SoakEvidence } from './evidence.js';
import type { Sample } from './sample.js';

export interface JudgeRules {
  minSamples: number;
  intervalMs: number;
}

export declare function noEvidence(): SoakEvidence;
/** Evidence after one more look at `now` (ms since the epoch). */
export declare function observe(evidence: SoakEvidence, checks: Check[], samples: Record<string, Sample>, now: number): SoakEvidence;
/** One result for each check, as of `now`. */
export declare function judge(evidence: SoakEvidence, checks: Check[], rules: JudgeRules, now: number): CheckResult[];
/** `fail` if any fails, else `error`, else `no-data`, else `pass`. No checks at all: `pass`. */
export declare function overall(results: CheckResult[]): Verdict;
