import { gzipSync } from 'node:zlib';
import { thinnedLine } from '../../src/judge/replay/sample-lines.js';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import type { SoakFinding, SoakNews } from '../../workflows/messages/region.js';
import type { SoakHeartbeat } from '../soak-heartbeat.js';
import type { SoakWork } from '../work.js';

/** Lines of this many characters are packed, and what is packed is told from this size on, change or not: so the heartbeat stays small. */
const enough = { lines: 8 * 1_024, packed: 12 * 1_024 } as const;

/** Told in all of one soak, about as many characters of history: enough for 26,000 looks at one check, and 1,600 at five checks with eight controls each. */
export const mostTold = 2 * 1_024 * 1_024;

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
export function withNews(kept: SoakHeartbeat, { startedAt: soak, withoutSamples }: Pick<SoakWork, 'startedAt' | 'withoutSamples'>): SoakHeartbeat {
  const hasChanged = textOf(kept.verdict) !== kept.told;
  if (withoutSamples) return hasChanged ? told({ ...kept, lines: [] }, { soak }) : { ...kept, lines: [] };
  return (kept.spent ?? 0) < mostTold ? withSamples(kept, soak, hasChanged) : withLast(kept, soak, hasChanged);
}

function withSamples(kept: SoakHeartbeat, soak: string, hasChanged: boolean): SoakHeartbeat {
  const tidied = sizeOf(kept.lines) < enough.lines ? kept : { ...kept, packed: samplesOf({ packed: kept.packed, lines: kept.lines }), lines: [] };
  if (!hasChanged && (tidied.packed ?? '').length < enough.packed) return tidied;
  const { packed: _told, ...rest } = tidied;
  const before = kept.untold?.samples?.length ?? 0;
  const spent = (kept.spent ?? 0) + samplesOf(kept).length - before;
  const lines = spent < mostTold ? kept.lines : [...kept.lines, thinnedLine(Date.parse(kept.at) / 1_000)];
  return told({ ...rest, spent, lines: [] }, { soak, samples: samplesOf({ ...kept, lines }) });
}

/** So much is told that from here on only decisions are, and the last looks are kept until the end. */
function withLast(kept: SoakHeartbeat, soak: string, hasChanged: boolean): SoakHeartbeat {
  const tidied = sizeOf(kept.lines) < enough.lines ? kept : { ...kept, packed: packed(kept.lines), lines: [] };
  if (!hasChanged) return tidied;
  const decisions = kept.lines.filter((line) => Object.hasOwn(JSON.parse(line) as object, 'decision'));
  return told(tidied, { soak, samples: samplesOf({ untold: kept.untold, lines: decisions }) });
}

/** What could not be told before goes along, under its number. */
function told(kept: SoakHeartbeat, news: Pick<SoakNews, 'soak' | 'samples'>): SoakHeartbeat {
  const text = textOf(kept.verdict);
  const number = kept.untold?.number ?? kept.number + 1;
  const verdict = text === kept.told ? kept.untold?.verdict : kept.verdict;
  return { ...kept, number, told: text, untold: { number, ...(verdict !== undefined && { verdict }), ...news } };
}

const sizeOf = (lines: string[]): number => lines.reduce((sum, line) => sum + line.length, 0);

type Untold = Pick<SoakHeartbeat, 'lines'> & { untold?: SoakNews | undefined; packed?: string | undefined };

/** All that was kept and not told yet, as news and answers carry it: gzip, base64. */
export const samplesOf = ({ untold, packed: before, lines }: Untold): string =>
  joined([untold?.samples, before, ...(lines.length === 0 ? [] : [packed(lines)])].filter((text) => text !== undefined));

const packed = (lines: string[]): string => gzipSync(`${lines.join('\n')}\n`).toString('base64');

/** What was packed apart, as one: a gzip may have several members. */
const joined = (texts: string[]): string => Buffer.concat(texts.map((text) => Buffer.from(text, 'base64'))).toString('base64');
