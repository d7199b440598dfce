import { formatDuration } from '../../rollout/duration.js';
import type { SoakDecision, SoakVerdict } from '../../judge/verdict.js';
import { alignColumns, cut, printable } from '../text-columns.js';

/** How a soak would have ended. */
export interface SoakSummary {
  file: string;
  decision: SoakDecision | null;
  /** Seconds from the deploy to the decision. */
  after: number | null;
  /** Seconds from the deploy to the first hold; null where there was none. */
  held: number | null;
  explanation: string;
}

/** What ends a soak. */
const last: readonly SoakDecision[] = ['fail', 'pass', 'inconclusive'];

/** The first decision that ends the soak, or where it stood when the samples were over. */
export function summarise(file: string, deployAt: number, verdicts: Iterable<SoakVerdict>): SoakSummary {
  let held: number | null = null;
  let end: SoakVerdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.decision === 'hold') held ??= verdict.t - deployAt;
    end = verdict;
    if (last.includes(verdict.decision)) break;
  }
  return { file, decision: end?.decision ?? null, after: end === undefined ? null : end.t - deployAt, held, explanation: end?.explanation ?? 'no samples' };
}

/** A line each, of at most `width` columns. */
export function renderSummaries(summaries: SoakSummary[], width: number): string {
  const rows = summaries.map(({ file, decision, after, held, explanation }) =>
    [printable(file), decision ?? '–', seconds(after), seconds(held), printable(explanation)]);
  return alignColumns([['file', 'decision', 'after', 'held', 'why'], ...rows]).map((line) => cut(line, width)).join('\n');
}

const seconds = (count: number | null): string => (count === null ? '–' : formatDuration(Math.round(count) * 1_000));
