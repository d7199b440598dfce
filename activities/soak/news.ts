import { gzipSync } from 'node:zlib';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import type { SoakFinding, SoakNews } from '../../workflows/messages.js';
import type { SoakHeartbeat } from '../soak-heartbeat.js';

/** Lines of this many characters are packed, and what is packed is told from this size on, change or not: so the heartbeat stays small. */
const enough = { lines: 8 * 1_024, packed: 12 * 1_024 } as const;

/** What people are told of a verdict. `notes` say what they should know of the watch. */
export const findingOf = ({ decision, cause, needs, explanation, checks }: SoakVerdict, notes: string[]): SoakFinding => ({
  decision,
  ...(cause !== undefined && { cause }),
  ...(needs !== undefined && { needs: Math.round(needs * 1_000) }),
  explanation: notes.length === 0 ? explanation : `${explanation} (${notes.join('; ')})`,
  checks,
});

/** What a change is seen by. */
export const textOf = ({ decision, cause }: Pick<SoakFinding, 'decision' | 'cause'>): string => (cause === undefined ? decision : `${decision}: ${cause}`);

/** Puts the next news on its way when there are any: a change, or enough lines. */
export function withNews(kept: SoakHeartbeat, soak: string): SoakHeartbeat {
  const text = textOf(kept.verdict);
  const hasChanged = text !== kept.told;
  const tidied = sizeOf(kept.lines) < enough.lines ? kept : { ...kept, packed: samplesOf(kept), lines: [] };
  if (!hasChanged && (tidied.packed ?? '').length < enough.packed) return tidied;
  const { packed: _told, ...rest } = tidied;
  // What could not be told goes along, under its number.
  const number = kept.untold?.number ?? kept.number + 1;
  const verdict = hasChanged ? kept.verdict : kept.untold?.verdict;
  const untold: SoakNews = { soak, number, ...(verdict !== undefined && { verdict }), samples: samplesOf(kept) };
  return { ...rest, number, untold, told: text, lines: [] };
}

const sizeOf = (lines: string[]): number => lines.reduce((sum, line) => sum + line.length, 0);

/** All that was kept and not told yet, as news and answers carry it: gzip, base64. */
export const samplesOf = ({ untold, packed: before, lines }: Pick<SoakHeartbeat, 'untold' | 'packed' | 'lines'>): string =>
  joined([untold?.samples, before, ...(lines.length === 0 ? [] : [packed(lines)])].filter((text) => text !== undefined));

const packed = (lines: string[]): string => gzipSync(`${lines.join('\n')}\n`).toString('base64');

/** What was packed apart, as one: a gzip may have several members. */
const joined = (texts: string[]): string => Buffer.concat(texts.map((text) => Buffer.from(text, 'base64'))).toString('base64');
