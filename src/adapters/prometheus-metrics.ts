import { z } from 'zod';
import type { History, MetricSource } from '../../activities/ports/metric-source.js';
import { durationMs } from '../rollout/duration.js';
import type { Check, PrometheusMetrics } from '../rollout/schema/check.js';
import type { Secrets } from './excerpt.js';
import { isSilence, sameForAll, sampleOf, type Found } from './metric-samples.js';
import { agentsOf, type Agents } from './plain-request.js';
import type { PrometheusServer } from './prometheus-api.js';
import { historyOf } from './prometheus-history.js';
import { lookAt } from './prometheus-look.js';
import { prometheusNames } from './prometheus-names.js';
import { isSelector } from './series-selector.js';
import { selfTestOf } from './self-test.js';

/** Queries at one time: Prometheus itself runs 20. */
const connections = 8;

/** The past has its own, fewer ones: what is read for one soak must not keep the looks of the others waiting. */
const connectionsForHistory = 4;

/** The past of all checks together may take this many times as long as one number. What has not come by then, a soak does without. */
const historyPatience = 3;

/** What a self-test asks over. */
const selfTestWindowMs = 300_000;

/** The time of the last look that brought data, by check (ms since the epoch): there the next window begins. */
const PrometheusCursor = z.record(z.string(), z.number());
type PrometheusCursor = z.infer<typeof PrometheusCursor>;

/**
 * Asks a Prometheus server. A ratio and a histogram are asked for in windows that do not overlap, each from the last look that brought
 * data to now. Their queries are either plain selectors, `http_requests_total{status=~"5.."}`, asked as
 * `sum(increase(<selector>[<window>]))` or `sum by (le) (…)`, so that one series or one for each `le` comes back, or any expression that
 * holds `$window` where its range belongs and gives as much: the increase over the window. `clock` gives ms since the epoch.
 */
export function prometheusMetrics(clock: () => number = Date.now): (settings: PrometheusMetrics, variables: Record<string, string>, secretNames?: string[]) => MetricSource {
  const [agents, slowly] = [agentsOf(connections), agentsOf(connectionsForHistory)];
  return (settings, variables, secretNames = []) => {
    const server = serverOf(settings, { variables, secretNames }, agents);
    return {
      async look(checks, cursor, signal) {
        const marks = readCursor(cursor);
        if (typeof server === 'string') return { samples: sameForAll(checks, { kind: 'error', reason: server }), cursor: marks };
        return lookAtAll(checks, marks, { server, now: clock(), signal });
      },
      async history(checks, steps, signal) {
        if (typeof server === 'string') return Object.fromEntries(checks.map(({ name }) => [name, []]));
        return historiesOf(checks, { server: { ...server, agents: slowly }, steps, signal });
      },
      async selfTest(checks, signal) {
        if (typeof server === 'string') return checks.map(({ name }) => ({ check: name, outcome: 'broken', saw: server }));
        const now = clock();
        const ask = (check: Check): Promise<Found> => lookAt(check, { server, now, since: now - selfTestWindowMs, signal });
        return Promise.all(checks.map((check) => selfTestOf(check, { ask, isSelector, names: prometheusNames(server, now, signal) })));
      },
    };
  };
}

/** A cursor of another version or source is none: counting starts again. */
const readCursor = (cursor: unknown): PrometheusCursor => PrometheusCursor.catch({}).parse(cursor ?? {});

/** The server, or why it cannot be asked. */
function serverOf({ bearerToken: name, url, timeout }: PrometheusMetrics, { variables, secretNames }: Secrets, agents: Agents): PrometheusServer | string {
  const bearerToken = name !== undefined && Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (name !== undefined && bearerToken === undefined) return `${name}, the bearer token for Prometheus, has no value here`;
  const secrets = { variables, secretNames: [...secretNames, ...(name === undefined ? [] : [name])] };
  return { url, bearerToken, secrets, timeoutMs: durationMs(timeout), agents };
}

async function historiesOf(checks: Check[], { signal, ...asking }: Parameters<typeof historyOf>[1]): Promise<Record<string, History>> {
  const deadline = AbortSignal.timeout(asking.server.timeoutMs * historyPatience);
  const histories = new Map<string, History>(checks.map(({ name }) => [name, []]));
  try {
    for (const check of checks) histories.set(check.name, await historyOf(check, { ...asking, signal: AbortSignal.any([signal, deadline]) }));
  } catch (error) {
    if (!deadline.aborted) throw error;
  }
  return Object.fromEntries(histories);
}

interface Looking {
  server: PrometheusServer;
  now: number;
  signal: AbortSignal;
}

async function lookAtAll(checks: Check[], marks: PrometheusCursor, looking: Looking): ReturnType<MetricSource['look']> {
  const { now } = looking;
  const looks = await Promise.all(checks.map(async (check) => {
    const mark = Object.hasOwn(marks, check.name) ? marks[check.name] : undefined;
    const since = mark !== undefined && mark < now ? mark : undefined;
    const found = await lookAt(check, { ...looking, since });
    // A window that brought nothing is asked for again as part of the next one.
    return { name: check.name, sample: sampleOf(found), mark: since !== undefined && isSilence(found) ? since : now };
  }));
  return {
    samples: Object.fromEntries(looks.map(({ name, sample }) => [name, sample])),
    cursor: Object.fromEntries(looks.map(({ name, mark }) => [name, mark])),
  };
}
