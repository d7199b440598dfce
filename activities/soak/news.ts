import { gzipSync } from 'node:zlib';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import type { SoakFinding, SoakNews } from '../../workflows/messages.js';
import type { SoakHeartbeat } from '../soak-heartbeat.js';

/** Lines that have gathered beyond this many characters are told, change or not: the heartbeat stays small. */
const enoughText = 16 * 1_024;

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
  if (!hasChanged && kept.lines.join('\n').length < enoughText) return kept;
  const number = kept.number + 1;
  const untold: SoakNews = { soak, number, ...(hasChanged && { verdict: kept.verdict }), samples: packed(kept.lines) };
  return { ...kept, number, untold, told: text, lines: [] };
}

/** Lines as news and answers carry them: gzip, base64. */
export const packed = (lines: string[]): string => gzipSync(`${lines.join('\n')}\n`).toString('base64');

/** What was packed apart, as one: a gzip may have several members. */
export const joined = (texts: string[]): string => Buffer.concat(texts.map((text) => Buffer.from(text, 'base64'))).toString('base64');
