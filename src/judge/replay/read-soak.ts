import type { CheckLook, Look } from '../sample.js';
import type { JudgeState } from '../soak-judge.js';
import type { JudgedSoak } from '../soak.js';
import { anyNumber, fieldsOf, numberAt, type Fields } from './fields.js';
import { readHeader, type Header } from './header-line.js';
import { readSample } from './read-sample.js';
import { Misfit, quoted, UnreadableSoak } from './unreadable.js';

export interface ReadSoak {
  soak: JudgedSoak;
  /** Looks before the deploy, oldest first. */
  history: Look[];
  /** Looks from the deploy on, oldest first. */
  looks: Look[];
  /** What the judge of a live soak had learned when it began; the history is not needed then. */
  learned?: JudgeState;
  /** What was not read, and may have been meant otherwise. */
  notes: string[];
}

/** Reads a soak line by line, so that nobody must hold the text of a large one. */
export interface SoakReader {
  line(text: string): void;
  end(): ReadSoak;
}

/** Throws an `UnreadableSoak` that names the line. */
export function readSoak(text: string): ReadSoak {
  const reader = soakReader();
  for (const line of text.split('\n')) reader.line(line);
  return reader.end();
}

interface Found {
  line: number;
  look: CheckLook;
}

/** By time, then by check. Maps: a check may be called `__proto__`. */
type Samples = Map<number, Map<string, Found>>;

/** Lines may come in any order after the header; samples of equal times are one look. */
export function soakReader(): SoakReader {
  let number = 0;
  let header: Header | undefined;
  const samples: Samples = new Map();
  const ignored = new Map<string, number>();
  let thinned: number | undefined;

  const ignore = (keys: string[]): void => keys.forEach((key) => ignored.has(key) || ignored.set(key, number));
  const take = (line: Fields): void => {
    if (header === undefined) {
      header = readHeader(line);
      return ignore(header.ignored);
    }
    // Written down live, between the samples: what is replayed makes its own.
    if (Object.hasOwn(line, 'decision')) return;
    if (Object.hasOwn(line, 'thinned')) {
      thinned ??= numberAt(line, 'thinned', anyNumber);
      return;
    }
    if (Object.hasOwn(line, 'deployAt')) throw new Misfit('a second header: one soak a file');
    const { t, check, look, ignored: keys } = readSample(line, header.soak.checks);
    keep(samples, t, check, { line: number, look });
    ignore(keys);
  };
  return {
    line(text) {
      number++;
      const trimmed = (number === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
      if (trimmed !== '') blame(number, () => take(parse(trimmed)));
    },
    end() {
      if (header === undefined) throw new UnreadableSoak(1, 'nothing is here; the first line is the header, with deployAt, step, checks and soak');
      const read = gather(header, samples, ignored);
      return thinned === undefined ? read : { ...read, notes: [...read.notes, saysThinned(thinned)] };
    },
  };
}

function keep(samples: Samples, t: number, check: string, found: Found): void {
  const look = samples.get(t) ?? new Map<string, Found>();
  const before = look.get(check);
  // The same once more is no news, anything else is: which of the two is right cannot be known.
  if (before !== undefined && JSON.stringify(before.look) !== JSON.stringify(found.look)) {
    throw new Misfit(`a second sample of ${quoted(check)} at ${t}, unlike the one in line ${before.line}`);
  }
  samples.set(t, look.set(check, before ?? found));
}

function gather({ soak, learned }: Header, samples: Samples, ignored: Map<string, number>): ReadSoak {
  const all = [...samples].toSorted(([left], [right]) => left - right).map(([t, found]) => ({ t, checks: inOrder(soak, found) }));
  const looks = all.filter(({ t }) => t >= soak.deployAt);
  const notes = [...ignored].map(([key, line]) => `line ${line}: the key ${quoted(key)} is not known and was not read`);
  if (looks.length === 0) notes.push(`no samples from the deploy (${soak.deployAt}) on: there is nothing to judge`);
  return { soak, history: all.filter(({ t }) => t < soak.deployAt), looks, ...(learned === undefined ? {} : { learned }), notes };
}

const saysThinned = (t: number): string =>
  `the soak was so long that after ${new Date(t * 1_000).toISOString()} only its last looks were kept: from there on it is judged by less than was judged live`;

/** In the order of the header, whatever the order of the lines. */
const inOrder = ({ checks }: JudgedSoak, found: Map<string, Found>): Look['checks'] =>
  Object.fromEntries(checks.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name)!.look]] : [])));

function parse(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text), 'a line');
  } catch (error) {
    if (error instanceof Misfit) throw error;
    const hint = /\b(NaN|Infinity)\b/.test(text) ? '; JSON has no NaN and no Infinity: write null for no data' : '';
    throw new Misfit(`not JSON (${(error as Error).message})${hint}`);
  }
}

function blame(line: number, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw error instanceof Misfit ? new UnreadableSoak(line, error.message) : error;
  }
}
