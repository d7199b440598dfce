import { encodingKeys, RawValue } from '@temporalio/common';
import type { JudgeState } from '../src/judge/soak-judge.js';
import type { SoakFinding, SoakNews } from '../workflows/messages/region.js';
import type { Cursors } from './soak/look.js';

/**
 * What the watch of a soak keeps between two looks: the heartbeat details of the pending activity `watchSoak`. JSON, some kilobytes for
 * each check.
 */
export interface SoakHeartbeat {
  /** Changes when the rest does: a watch that meets another shape begins anew. */
  shape: typeof soakShape;
  judge: JudgeState;
  cursors: Cursors;
  /** Number of the last news. */
  number: number;
  /** News on its way: told after they were kept, and told again after a crash before anything else is done. */
  untold?: SoakNews;
  /** Decision and cause of the last news, as text. */
  told: string;
  /** Lines that no news has carried yet, gzip, base64: older than those in `lines`. */
  packed?: string;
  /** Length of the samples that were told so far. */
  spent?: number;
  /** The youngest lines of samples and verdicts, oldest first. */
  lines: string[];
  /** Time of the last look, ISO 8601. */
  at: string;
  /** What people are told after it; the judge may have seen something better for a while. */
  verdict: SoakFinding;
  /** For how many looks it has. */
  better?: number;
  /** Decisions that people have been told of. */
  reached?: string[];
  /** Decision and cause of the judge's own last verdict, as text. */
  judged?: string;
  /** What a person should know of this watch: why it has no past, that it began anew. */
  notes: string[];
}

export const soakShape = 1;

/** What was kept, if it is ours. */
export const keptBefore = (details: unknown): SoakHeartbeat | undefined =>
  (details as SoakHeartbeat | undefined)?.shape === soakShape ? (details as SoakHeartbeat) : undefined;

/** As Temporal's own converter would have it, which goes through a text letter by letter: too slow for so much of it at every look. */
export const keptAs = (kept: SoakHeartbeat): RawValue =>
  RawValue.fromPayload({ metadata: { encoding: encodingKeys.METADATA_ENCODING_JSON }, data: Buffer.from(JSON.stringify(kept)) });

/** How long a look says something about now (ms): three intervals, and as long as a slow source may take. */
export const freshFor = (intervalMs: number): number => 3 * intervalMs + 30_000;
