import { Agent } from 'undici';
import { z } from 'zod';
import type { Look, MetricSource } from '../../activities/ports/metric-source.js';
import type { Sample } from '../judge/sample.js';
import { durationMs } from '../rollout/duration.js';
import type { Check, RatioCheck, ScrapeMetrics, ValueCheck } from '../rollout/schema/check.js';
import { boundedRequest, RequestFailed } from './bounded-request.js';
import { increments, marksOf, seriesKey, type CounterMarks } from './counter-marks.js';
import { ExpositionError, parseExposition, type Series } from './exposition.js';
import { sameForAll, silent, whyNoNumber } from './metric-samples.js';
import { parseSelector, SelectorError, type Selector } from './series-selector.js';

const maxBytes = 10 * 1_048_576;

/** More series in one query are a check that nobody can read; more in one look would make the heartbeat of the watch large. */
const seriesLimit = 500;
const marksLimit = 2_000;

/** The counters of each check as they stood when it last brought data. */
const ScrapeCursor = z.record(z.string(), z.object({ started: z.number().nullable(), values: z.record(z.string(), z.number()) }));
type ScrapeCursor = Record<string, CounterMarks>;

/**
 * Reads a target's own `/metrics`, once for all checks of a look. Queries are series selectors. A ratio is what its counters have
 * gained since the look before; the first look only begins to count.
 */
export function scrapeMetrics(): (settings: ScrapeMetrics) => MetricSource {
  const dispatcher = new Agent();
  return (settings) => ({
    async look(checks, cursor, signal) {
      const marks = readCursor(cursor);
      try {
        const selections = select(await scrape(settings, dispatcher, signal), checks);
        return lookAt(checks, selections, marks);
      } catch (error) {
        if (!(error instanceof ScrapeFailed)) throw error;
        // The cursor stays: the next look counts what this one missed.
        return { samples: sameForAll(checks, { kind: 'error', reason: error.message }), cursor: marks };
      }
    },
  });
}

/** The target as a whole did not give its metrics. */
class ScrapeFailed extends Error {}

/** A cursor of another version or source is none: counting starts again. */
const readCursor = (cursor: unknown): ScrapeCursor => ScrapeCursor.catch({}).parse(cursor ?? {});

async function scrape(settings: ScrapeMetrics, dispatcher: Agent, signal: AbortSignal): Promise<string> {
  if (!URL.canParse(settings.url)) throw new ScrapeFailed('the URL of the metrics is not a URL: write http://host/metrics');
  const url = new URL(settings.url);
  try {
    const { status, contentType, text } = await boundedRequest(url, {
      method: 'GET', headers: { accept: 'text/plain;version=0.0.4' }, timeoutMs: durationMs(settings.timeout), maxBytes, dispatcher, signal,
    });
    if (status !== 200) throw new ScrapeFailed(`${url.host} answered ${status} where its metrics should be`);
    if (contentType !== 'text/plain' && contentType !== '') throw new ScrapeFailed(`${url.host} answered ${contentType}, not the Prometheus text format`);
    return text;
  } catch (error) {
    if (error instanceof RequestFailed) throw new ScrapeFailed(`the metrics of ${url.host} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What one query found: its series, or why it is no query. */
type Selection = Series[] | SelectorError;

interface Selections {
  of(query: string): Selection;
  started: number | null;
}

const queriesOf = (check: Check): string[] => (check.kind === 'ratio' ? [check.bad, check.total] : [check.query]);

/** Reads the text once and keeps of it only what the checks ask for, at most one series more than the limit for each query. */
function select(text: string, checks: Check[]): Selections {
  const found = new Map<string, Series[]>();
  const selectors = new Map<string, Selector | SelectorError>();
  for (const query of checks.flatMap(queriesOf)) {
    selectors.set(query, selectorOf(query));
    found.set(query, []);
  }
  const starts: number[] = [];
  for (const series of seriesOf(text)) {
    if (series.name === 'process_start_time_seconds' && Number.isFinite(series.value)) starts.push(series.value);
    for (const [query, selector] of selectors) {
      if (selector instanceof SelectorError || !selector.matches(series)) continue;
      const list = found.get(query)!;
      if (list.length <= seriesLimit) list.push(series);
    }
  }
  return {
    of: (query) => {
      const selector = selectors.get(query)!;
      return selector instanceof SelectorError ? selector : found.get(query)!;
    },
    // Several processes behind one text have no common beginning.
    started: starts.length === 1 ? starts[0]! : null,
  };
}

function selectorOf(query: string): Selector | SelectorError {
  try {
    return parseSelector(query);
  } catch (error) {
    if (error instanceof SelectorError) return error;
    throw error;
  }
}

function* seriesOf(text: string): Generator<Series> {
  try {
    yield* parseExposition(text);
  } catch (error) {
    if (error instanceof ExpositionError) throw new ScrapeFailed(`the metrics are not understood: ${error.message}`, { cause: error });
    throw error;
  }
}

function lookAt(checks: Check[], selections: Selections, marks: ScrapeCursor): Look {
  const samples: Record<string, Sample> = {};
  const cursor: ScrapeCursor = {};
  let room = marksLimit;
  for (const check of checks) {
    const before = Object.hasOwn(marks, check.name) ? marks[check.name] : undefined;
    const { sample, after = before }: Counted = check.kind === 'ratio' ? lookAtRatio(check, selections, before) : { sample: lookAtValue(check, selections) };
    room -= after === undefined ? 0 : Object.keys(after.values).length;
    samples[check.name] = room < 0 ? { kind: 'error', reason: `the checks match more than ${marksLimit} series together: narrow their selectors` } : sample;
    if (after !== undefined && room >= 0) cursor[check.name] = after;
  }
  return { samples, cursor };
}

/** A sample, and where the counters stand now; without the latter the next look counts from where they stood. */
interface Counted {
  sample: Sample;
  after?: CounterMarks;
}

function lookAtRatio(check: RatioCheck, selections: Selections, before: CounterMarks | undefined): Counted {
  const total = usable(check.total, selections.of(check.total));
  if (!Array.isArray(total)) return { sample: total };
  if (total.length === 0) return { sample: silent('no-data', check.total, 'no series matches') };
  // A client library shows a labelled counter only once it has counted: no bad series beside a total means that nothing was bad.
  const bad = usable(check.bad, selections.of(check.bad));
  if (!Array.isArray(bad)) return { sample: bad };
  const after = marksOf([...total, ...bad], selections.started);
  if (before === undefined) return { sample: silent('no-data', check.total, 'first look, counting starts now'), after };
  const gained = (series: Series[]): number => increments(before, series, selections.started);
  return { sample: { kind: 'ratio', bad: gained(bad), total: gained(total) }, after };
}

function lookAtValue(check: ValueCheck, selections: Selections): Sample {
  const series = usable(check.query, selections.of(check.query));
  if (!Array.isArray(series)) return series;
  if (series.length > 1) return silent('error', check.query, `${series.length} series match where one should: narrow the selector`);
  return series[0] === undefined ? silent('no-data', check.query, 'no series matches') : { kind: 'value', value: series[0].value };
}

/** The series of a query, or why they are no evidence. */
function usable(query: string, selection: Selection): Series[] | Sample {
  if (selection instanceof SelectorError) return silent('error', query, `not a query for scraped metrics: ${selection.message}`);
  if (selection.length > seriesLimit) return silent('error', query, `more than ${seriesLimit} series match: narrow the selector`);
  if (new Set(selection.map(seriesKey)).size < selection.length) return silent('error', query, 'the metrics hold the same series more than once');
  const now = Date.now();
  const reason = selection.map(({ value, timestampMs }) => whyNoNumber(value, timestampMs, now)).find((why) => why !== undefined);
  return reason === undefined ? selection : silent('no-data', query, reason);
}
