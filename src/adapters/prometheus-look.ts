import type { Check, HistogramCheck, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { isSilence, neverWorks, ratioOf, silent, silenceOf, type Found, type Silence } from './metric-samples.js';
import type { PrometheusServer } from './prometheus-api.js';
import { hasWindow, windowed } from './prometheus-expressions.js';
import { askBuckets, askNumber, type Outcome } from './prometheus-query.js';

export interface Asking {
  server: PrometheusServer;
  /** End of the window (ms since the epoch). */
  now: number;
  /** Begin of the window; absent at the first look, or when the clock went back. */
  since: number | undefined;
  signal: AbortSignal;
}

/** Asks one check for the time from `since` to `now`. */
export function lookAt(check: Check, asking: Asking): Promise<Found> {
  switch (check.kind) {
    case 'ratio':
      return lookAtRatio(check, asking);
    case 'value':
      return lookAtValue(check, asking);
    case 'histogram':
      return lookAtHistogram(check, asking);
  }
}

async function lookAtRatio(check: RatioCheck, asking: Asking): Promise<Found> {
  const [total, bad] = await Promise.all([check.total, check.bad].map((query) => increase(query, asking)));
  if (typeof total === 'object') return total;
  if (typeof bad === 'object') return bad;
  if (total === 'empty') return silent('no-data', check.total, emptyAnswer);
  // A client library shows a labelled counter only once it has counted: no bad series beside a total means that nothing was bad.
  return ratioOf(check.bad, bad === 'empty' ? 0 : bad!, total!);
}

async function increase(query: string, asking: Asking): Promise<number | 'empty' | Silence> {
  const value = await measure(query, windowSince(query, 'sum', asking), asking);
  return typeof value === 'number' && value < 0 ? neverWorks(query, `an increase of ${value} came back: is it that of a counter?`) : value;
}

async function lookAtValue({ query }: ValueCheck, asking: Asking): Promise<Found> {
  const value = await measure(query, hasWindow(query) ? windowSince(query, 'sum', asking) : query, asking);
  if (typeof value === 'object') return value;
  return value === 'empty' ? silent('no-data', query, emptyAnswer) : { kind: 'value', value };
}

async function lookAtHistogram({ buckets: query }: HistogramCheck, asking: Asking): Promise<Found> {
  const expression = windowSince(query, 'sum by (le)', asking);
  if (typeof expression !== 'string') return expression;
  const outcome = await askBuckets(asking.server, expression, asking.now, asking.signal);
  if (isSilence(outcome)) return silenceOf(query, outcome);
  return outcome.kind === 'empty' ? silent('no-data', query, emptyAnswer) : { kind: 'histogram', buckets: outcome.value };
}

const emptyAnswer = 'the answer is empty';

/** The expression that asks for the time since the last look, or why there is none. */
function windowSince(query: string, sum: 'sum' | 'sum by (le)', { now, since }: Asking): string | Silence {
  const expression = windowed(query, sum, since === undefined ? 0 : now - since);
  return typeof expression === 'string' && since === undefined ? silent('no-data', query, 'first look, counting starts now') : expression;
}

/** The number that an expression gives, or `empty`, or why it is neither. */
async function measure(query: string, expression: string | Silence, { server, now, signal }: Asking): Promise<number | 'empty' | Silence> {
  if (typeof expression === 'object') return expression;
  const outcome: Outcome<number> = await askNumber(server, expression, now, signal);
  if (outcome.kind === 'found') return outcome.value;
  return isSilence(outcome) ? silenceOf(query, outcome) : 'empty';
}
