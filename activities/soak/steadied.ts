import type { SoakDecision } from '../../src/judge/verdict.js';
import type { SoakFinding } from '../../workflows/messages/region.js';
import type { SoakHeartbeat } from '../soak-heartbeat.js';
import { textOf } from './news.js';

/** Better news must last for as long as this many looks of the judge's unit. */
const quiet = { looks: 6, unitMs: 30_000 } as const;

/** What people are told; for how many looks something better has been held back; and what good news they have had. */
type Steadied = Pick<SoakHeartbeat, 'verdict' | 'better' | 'reached'>;

/**
 * Worse is told at once. What is better, or as bad for another reason, must last a while: a source that comes and goes would have everybody
 * told at every look, and each telling is history. Where nothing holds the soak up, it is told at once when it is so for the first time. The judge
 * itself sees every look as it is, and the figures of the checks are always new.
 */
export function steadied(finding: SoakFinding, before: SoakHeartbeat | undefined, intervalMs: number): Steadied {
  const reached = before?.reached ?? [];
  const better = before === undefined || textOf(finding) === before.told || isAtOnce(finding, before.verdict, reached) ? 0 : (before.better ?? 0) + 1;
  if (before !== undefined && better > 0 && better < looksUntilTold(intervalMs)) return { verdict: { ...before.verdict, checks: finding.checks }, better, reached };
  return { verdict: finding, better: 0, reached: reached.includes(finding.decision) ? reached : [...reached, finding.decision] };
}

const isAtOnce = (finding: SoakFinding, shown: SoakFinding, reached: string[]): boolean =>
  badness(finding) > badness(shown) || (badness(shown) <= badnessOf.continue && !reached.includes(finding.decision));

/** By how much it holds up: without data not even the clock runs. */
const badnessOf: Record<SoakDecision, number> = { pass: 0, inconclusive: 1, extend: 1, continue: 2, hold: 4, 'no-data': 5, fail: 6 };

/** With a cause, whatever is decided holds others up. */
const badness = ({ decision, cause }: SoakFinding): number => (cause === undefined ? badnessOf[decision] : Math.max(3, badnessOf[decision]));

const looksUntilTold = (intervalMs: number): number => Math.max(1, Math.round((quiet.looks * Math.min(intervalMs, quiet.unitMs)) / intervalMs));
