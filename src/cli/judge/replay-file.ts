import { replaySoak } from '../../judge/replay/replay-soak.js';
import { writtenVerdict } from '../../judge/replay/verdict-line.js';
import type { JudgeOptions } from '../../judge/soak.js';
import { BadSoakFile, readSoakFile } from './soak-file.js';
import { summarise, type SoakSummary } from './summary.js';

export interface ReplayJob {
  file: string;
  options: JudgeOptions;
  /** Each line carries the name of its file. */
  named: boolean;
  /** The outcome alone, in place of the lines. */
  summary: boolean;
}

/** What has become of one file: text for standard output, or a summary; and messages for a person. */
export interface ReplayedFile {
  lines: string[];
  summary?: SoakSummary;
  notes: string[];
  /** Why the file could not be replayed. */
  failure?: string;
}

/** Replays one file. Never throws for what stands in it, or for one that cannot be read. */
export async function replayFile({ file, options, named, summary }: ReplayJob): Promise<ReplayedFile> {
  try {
    const read = await readSoakFile(file);
    const notes = read.notes.map((note) => `${file}: ${note}`);
    const verdicts = replaySoak(read, options);
    if (summary) return { lines: [], summary: summarise(file, read.soak.deployAt, verdicts), notes };
    return { lines: Array.from(verdicts, (verdict) => JSON.stringify({ ...(named ? { file } : {}), ...writtenVerdict(verdict) })), notes };
  } catch (error) {
    if (error instanceof BadSoakFile) return { lines: [], notes: [], failure: error.message };
    // What the judge refuses: a soak whose numbers make no sense together.
    if (error instanceof RangeError) return { lines: [], notes: [], failure: `${file}: ${error.message}` };
    throw error;
  }
}
