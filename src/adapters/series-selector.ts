import { RE2JS } from 're2js';
import type { Series } from './exposition.js';

/** A query that selects series by name and labels: `http_requests_total{status=~"5.."}`. */
export interface Selector {
  /** Of the metric. */
  name: string;
  matchers: {
    label: string;
    /** No series without the label matches. */
    needsLabel: boolean;
    /** The one value that matches; absent for patterns, and for what must not be. */
    equals?: string;
  }[];
  matches(series: Series): boolean;
}

/** The query is not a selector: says what should stand where. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

interface Matcher {
  label: string;
  equals?: string;
  accepts(value: string): boolean;
}

const selectorPattern = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*)\}\s*)?$/s;
const matcherPattern = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|`[^`]*`)\s*(,|$)/ys;

/** Longer patterns are lists that belong into a label of their own. */
const longestPattern = 500;

/**
 * Parses an instant vector selector of PromQL, which must name its metric. Patterns are RE2, anchored at both ends, as in Prometheus;
 * a label that a series does not have is empty. Throws `SelectorError`.
 */
export function parseSelector(query: string): Selector {
  const parts = selectorPattern.exec(query);
  if (parts === null) throw new SelectorError('write a series selector: a metric name, and labels in braces if need be');
  const [, name = '', labels = ''] = parts;
  const matchers = parseMatchers(labels);
  return {
    name,
    matchers: matchers.map(({ accepts, ...matcher }) => ({ ...matcher, needsLabel: !accepts('') })),
    matches: (series) => series.name === name && matchers.every(({ label, accepts }) => accepts(valueOf(series, label))),
  };
}

/** Whether a query is a plain selector, which can be given a range: `name{…}[30s]`. */
export function isSelector(query: string): boolean {
  try {
    parseSelector(query);
    return true;
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

function parseMatchers(text: string): Matcher[] {
  const matchers: Matcher[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    matcherPattern.lastIndex = at;
    const found = matcherPattern.exec(text);
    if (found === null) throw new SelectorError(`a label matcher such as status=~"5.." should stand at ${JSON.stringify(text.slice(at, at + 40))}`);
    matchers.push(matcherOf(found[1]!, found[2]!, unquote(found[3]!)));
    at = matcherPattern.lastIndex;
  }
  return matchers;
}

function matcherOf(label: string, operator: string, operand: string): Matcher {
  const wanted = operator.endsWith('~') ? patternTest(operand) : (value: string) => value === operand;
  const isNegated = operator.startsWith('!');
  return { label, accepts: (value) => wanted(value) !== isNegated, ...(operator === '=' && { equals: operand }) };
}

const valueOf = ({ labels }: Series, label: string): string => (Object.hasOwn(labels, label) ? labels[label] : undefined) ?? '';

const knownLimit = 1_000;

/** RE2 takes time in proportion to the text, whatever the pattern: nobody can hang the worker with one. */
function patternTest(pattern: string): (value: string) => boolean {
  if (pattern.length > longestPattern) throw new SelectorError(`a pattern has at most ${longestPattern} characters`);
  const compiled = compile(pattern);
  // A label has few values, and each stands in many series.
  const known = new Map<string, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const answer = compiled.testExact(value);
    // A selector lives as long as the process, and a part of a text would keep all of it.
    if (known.size >= knownLimit) known.clear();
    known.set(structuredClone(value), answer);
    return answer;
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (cause) {
    throw new SelectorError(`${JSON.stringify(pattern)} is not a regular expression of RE2: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

/** The text of a PromQL string; backquotes take every character as it is. */
function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body;
  return body.replace(/\\(.)/gs, (escape, character: string) => {
    if (!Object.hasOwn(escapes, character)) throw new SelectorError(`${escape} is not an escape of PromQL: write \\\\ for a backslash`);
    return escapes[character]!;
  });
}
