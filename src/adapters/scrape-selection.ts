import type { Check } from '../rollout/schema/check.js';
import { seriesKey } from './counter-marks.js';
import type { Series } from './exposition.js';
import { neverWorks, silent, whyNoNumber, type Silence } from './metric-samples.js';
import { seriesOf } from './scrape-target.js';
import { parseSelector, SelectorError, type Selector } from './series-selector.js';

/** More series in one query are a check that nobody can read. */
const seriesLimit = 500;

/** What the queries of some checks found in one text. */
export interface Selections {
  /** The series of a query, or why they are no evidence. */
  of(query: string): Series[] | Silence;
  /** When the process began that counts (s since the epoch), if one says so. */
  started: number | null;
}

/** Reads the text once and keeps of it only what the checks ask for, at most one series more than the limit for each query. Throws `ScrapeFailed`. */
export function select(text: string, checks: Check[]): Selections {
  const found = new Map<string, Series[]>();
  const asked = new Map<string, Selector | SelectorError>();
  for (const query of checks.flatMap(queriesOf)) {
    asked.set(query, selectorOf(query));
    found.set(query, []);
  }
  const starts: number[] = [];
  for (const series of seriesOf(text)) {
    if (series.name === 'process_start_time_seconds' && Number.isFinite(series.value)) starts.push(series.value);
    for (const [query, selector] of asked) {
      if (selector instanceof SelectorError || !selector.matches(series)) continue;
      const list = found.get(query)!;
      if (list.length <= seriesLimit) list.push(series);
    }
  }
  return {
    of: (query) => {
      const selector = asked.get(query)!;
      return selector instanceof SelectorError ? neverWorks(query, `not a query for scraped metrics: ${selector.message}`) : usable(query, found.get(query)!);
    },
    // Several processes behind one text have no common beginning.
    started: starts.length === 1 ? starts[0]! : null,
  };
}

function queriesOf(check: Check): string[] {
  switch (check.kind) {
    case 'ratio':
      return [check.bad, check.total];
    case 'value':
      return [check.query];
    case 'histogram':
      return [check.buckets];
  }
}

/** Thousands of looks ask the same questions. */
const selectors = new Map<string, Selector | SelectorError>();
const selectorLimit = 1_000;

function selectorOf(query: string): Selector | SelectorError {
  const known = selectors.get(query);
  if (known !== undefined) return known;
  if (selectors.size >= selectorLimit) selectors.clear();
  const selector = parsed(query);
  selectors.set(query, selector);
  return selector;
}

function parsed(query: string): Selector | SelectorError {
  try {
    return parseSelector(query);
  } catch (error) {
    if (error instanceof SelectorError) return error;
    throw error;
  }
}

function usable(query: string, series: Series[]): Series[] | Silence {
  if (series.length > seriesLimit) return neverWorks(query, `more than ${seriesLimit} series match: narrow the selector`);
  if (new Set(series.map(seriesKey)).size < series.length) return neverWorks(query, 'the metrics hold the same series more than once');
  const now = Date.now();
  const reason = series.map(({ value, timestampMs }) => whyNoNumber(value, timestampMs, now)).find((why) => why !== undefined);
  return reason === undefined ? series : silent('no-data', query, reason);
}
