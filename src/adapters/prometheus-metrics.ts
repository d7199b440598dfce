import { Agent } from 'undici';
import { z } from 'zod';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import type { Sample } from '../judge/sample.js';
import { durationMs } from '../rollout/duration.js';
import type { Check, PrometheusMetrics, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { windowMark } from '../rollout/document/window-mark.js';
import { sameForAll, silent } from './metric-samples.js';
import { askPrometheus, type PrometheusServer } from './prometheus-query.js';
import { isSelector } from './series-selector.js';

/** Queries at one time: Prometheus itself runs 20. */
const connections = 8;

/** A longer window says nothing of the release that has just come. */
const longestWindowMs = 86_400_000;

/** The time of the last look that brought data, by check (ms since the epoch): there the next window begins. */
const PrometheusCursor = z.record(z.string(), z.number());
type PrometheusCursor = z.infer<typeof PrometheusCursor>;

/**
 * Asks a Prometheus server. A ratio is asked for in windows that do not overlap, each from the last look that brought data to now. `bad` and
 * `total` are either plain selectors, `http_requests_total{status=~"5.."}`, asked as `sum(increase(<selector>[<window>]))`, or any
 * expression that holds `$window` where its range belongs and gives one number: the increase over the window. `clock` gives ms since
 * the epoch.
 */
export function prometheusMetrics(clock: () => number = Date.now): (settings: PrometheusMetrics, variables: Record<string, string>) => MetricSource {
  const dispatcher = new Agent({ connections });
  return (settings, variables) => ({
    async look(checks, cursor, signal) {
      const marks = readCursor(cursor);
      const token = tokenOf(settings, variables);
      if (token.missing !== undefined) return { samples: sameForAll(checks, { kind: 'error', reason: token.missing }), cursor: marks };
      const server = { url: settings.url, bearerToken: token.value, timeoutMs: durationMs(settings.timeout), dispatcher };
      const now = clock();
      const looks = await Promise.all(checks.map((check) => {
        const since = Object.hasOwn(marks, check.name) ? marks[check.name] : undefined;
        return lookAt(check, { server, now, signal, since: since !== undefined && since < now ? since : undefined });
      }));
      return {
        samples: Object.fromEntries(looks.map(({ name, sample }) => [name, sample])),
        cursor: Object.fromEntries(looks.map(({ name, mark }) => [name, mark])),
      };
    },
  });
}

/** A cursor of another version or source is none: counting starts again. */
const readCursor = (cursor: unknown): PrometheusCursor => PrometheusCursor.catch({}).parse(cursor ?? {});

function tokenOf({ bearerToken: name }: PrometheusMetrics, variables: Record<string, string>): { value?: string; missing?: string } {
  if (name === undefined) return {};
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return value === undefined ? { missing: `${name}, the bearer token for Prometheus, has no value here` } : { value };
}

interface Asking {
  server: PrometheusServer;
  now: number;
  signal: AbortSignal;
  /** Begin of the window; absent at the first look, or when the clock went back. */
  since: number | undefined;
}

async function lookAt(check: Check, asking: Asking): Promise<{ name: string; sample: Sample; mark: number }> {
  const { now, since } = asking;
  const sample = check.kind === 'ratio' ? await lookAtRatio(check, asking) : await lookAtValue(check, asking);
  // A window that brought nothing is asked for again as part of the next one.
  const hasCounted = since === undefined || sample.kind === 'ratio' || sample.kind === 'value';
  return { name: check.name, sample, mark: hasCounted ? now : since };
}

async function lookAtRatio(check: RatioCheck, asking: Asking): Promise<Sample> {
  const increase = async (query: string): Promise<number | 'empty' | Sample> => {
    const value = await measure(query, windowed(query, asking), asking);
    return typeof value === 'number' && value < 0 ? silent('error', query, `an increase of ${value} came back: is it that of a counter?`) : value;
  };
  const [total, bad] = await Promise.all([increase(check.total), increase(check.bad)]);
  if (typeof total === 'object') return total;
  if (typeof bad === 'object') return bad;
  if (total === 'empty') return silent('no-data', check.total, 'the answer is empty');
  // A client library shows a labelled counter only once it has counted: no bad series beside a total means that nothing was bad.
  return { kind: 'ratio', bad: bad === 'empty' ? 0 : bad, total };
}

async function lookAtValue({ query }: ValueCheck, asking: Asking): Promise<Sample> {
  const value = await measure(query, query.includes(windowMark) ? windowed(query, asking) : query, asking);
  if (typeof value === 'object') return value;
  return value === 'empty' ? silent('no-data', query, 'the answer is empty') : { kind: 'value', value };
}

/** The expression that asks for the time since the last look, or the sample that says why there is none. */
function windowed(query: string, { now, since }: Asking): string | Sample {
  const hasMark = query.includes(windowMark);
  if (!hasMark && !isSelector(query)) {
    return silent('error', query, `neither a series selector nor an expression with ${windowMark}: write sum(increase(x[${windowMark}]))`);
  }
  if (since === undefined) return silent('no-data', query, 'first look, counting starts now');
  const window = `${Math.min(now - since, longestWindowMs)}ms`;
  return hasMark ? query.replaceAll(windowMark, window) : `sum(increase(${query.trim()}[${window}]))`;
}

/** The number that an expression gives, or `empty`, or the sample that says why it is neither. */
async function measure(query: string, expression: string | Sample, { server, now, signal }: Asking): Promise<number | 'empty' | Sample> {
  if (typeof expression === 'object') return expression;
  const outcome = await askPrometheus(server, expression, now, signal);
  if (outcome.kind === 'number') return outcome.value;
  return outcome.kind === 'empty' ? 'empty' : silent(outcome.kind, query, outcome.reason);
}
