/** One line of a target's `/metrics`. */
export interface Series extends Named {
  value: number;
  /** When the target says that it took the value (ms since the epoch); most targets leave that to the reader. */
  timestampMs?: number;
}

export interface Named {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** The text is not what it should be: `line 12: …`. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const blanks = /[ \t]*/y;
const openingBrace = /\{/y;
const closingBrace = /,?[ \t]*\}/y;
const comma = /,/y;
const label = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\.[^"\\]*)*)"[ \t]*/y;
const word = /[^ \t]+/y;

/**
 * The series of a Prometheus text exposition, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), one by one.
 * Histograms and summaries are what their lines say: `_bucket`, `_sum`, `_count`. Throws `ExpositionError` at the first line that is not
 * of the format, a last line without its newline among them: half a number would look like a counter that was reset.
 */
export function* parseExposition(text: string): Generator<Series> {
  if (text !== '' && !text.endsWith('\n')) throw new ExpositionError('the last line does not end: the text is cut off');
  let number = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end).trim();
    start = end + 1;
    number += 1;
    if (line !== '' && !line.startsWith('#')) yield new LineReader(line, number).series();
  }
}

class LineReader {
  private at = 0;

  constructor(private readonly line: string, private readonly number: number) {}

  series(): Series {
    const { name, labels } = this.named();
    this.take(blanks);
    const value = this.value();
    this.take(blanks);
    const timestampMs = this.at < this.line.length ? this.timestamp() : undefined;
    return timestampMs === undefined ? { name, labels, value } : { name, labels, value, timestampMs };
  }

  private named(): Named {
    // Behind the last brace, or the name, there are only numbers.
    const end = this.line.lastIndexOf('}') + 1 || this.line.search(/[ \t]|$/);
    const text = this.line.slice(0, end);
    const known = knownSeries.get(text);
    if (known === undefined) {
      const named = this.readNamed();
      return this.at === end ? remember(text, named) : named;
    }
    this.at = end;
    return known;
  }

  private readNamed(): Named {
    const name = this.take(metricName) ?? this.fail('a metric name');
    this.take(blanks);
    return { name, labels: this.take(openingBrace) === undefined ? {} : this.labels() };
  }

  private labels(): Record<string, string> {
    const pairs: [string, string][] = [];
    while (this.take(closingBrace) === undefined) {
      if (pairs.length > 0 && this.take(comma) === undefined) this.fail('a comma or a closing brace');
      label.lastIndex = this.at;
      const found = label.exec(this.line) ?? this.fail('a label');
      this.at = label.lastIndex;
      if (pairs.some(([name]) => name === found[1])) this.fail(`each label once, not ${found[1]} again`);
      pairs.push([found[1]!, unescape(found[2]!)]);
    }
    return Object.fromEntries(pairs);
  }

  private value(): number {
    const value = parseNumber(this.take(word) ?? '');
    return value ?? this.fail('a number');
  }

  private timestamp(): number {
    const text = this.take(word) ?? '';
    if (!/^-?\d{1,17}$/.test(text) || this.at < this.line.length) this.fail('a timestamp in milliseconds, or nothing');
    return Number(text);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fail(expected: string): never {
    throw new ExpositionError(`line ${this.number} is not of the Prometheus text format: ${expected} should stand at ${JSON.stringify(this.line.slice(this.at, this.at + 40))}`);
  }
}

/** Series by the text that names them: every look at a target brings the same ones, and those of many regions have the same names. */
const knownSeries = new Map<string, Named>();
const remembered = { series: 20_000, characters: 500 } as const;

function remember(text: string, named: Named): Named {
  if (text.length > remembered.characters) return named;
  if (knownSeries.size >= remembered.series) knownSeries.clear();
  // Copies: a part of a text would keep all of it.
  const [key, copy] = structuredClone([text, named] as const);
  knownSeries.set(key, copy);
  return copy;
}

const unescape = (text: string): string => text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));

/** A number as the format writes it, `NaN` and `+Inf` among them; `undefined` when the text is none. */
export function parseNumber(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  return infinite === null ? undefined : infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
