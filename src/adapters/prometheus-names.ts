import { z } from 'zod';
import { askPrometheus, type PrometheusServer, type Request } from './prometheus-api.js';
import { NamesUnknown, type KnownNames } from './never-matches.js';

/** Ten thousand names of metrics are 400 KB; asked before a rollout, and only where a name is wrong. */
const maxBytes = 8 * 1_048_576;

/** What was there within a day is known: a label that only errors have, before the next error. */
const lookBackMs = 86_400_000;

/** What a Prometheus server says of the names in its series. */
export function prometheusNames(server: PrometheusServer, now: number, signal: AbortSignal): KnownNames {
  const range: Request<unknown>['parameters'] = [['start', (now - lookBackMs) / 1_000], ['end', now / 1_000]].map(([name, time]) => [String(name), String(time)]);
  const ask = async <T>(path: string, parameters: Request<T>['parameters'], data: z.ZodType<T>): Promise<T> => {
    const reply = await askPrometheus(server, { method: 'GET', path: `api/v1/${path}`, parameters, data, maxBytes }, signal);
    if (reply.kind === 'data') return reply.data;
    throw new NamesUnknown(reply.reason);
  };
  return {
    async labelsOf(selector, metric) {
      const labels = await ask('labels', [['match[]', selector], ...range], z.array(z.string()));
      if (labels.length > 0) return labels;
      // A target declares a metric before it has counted anything.
      const declared = await ask('metadata', [['metric', metric]], z.record(z.string(), z.unknown()));
      return Object.hasOwn(declared, metric) ? [] : undefined;
    },
    valuesOf: (metric, label) => ask(`label/${label}/values`, [['match[]', metric], ...range], z.array(z.string())),
    metrics: () => ask('label/__name__/values', range, z.array(z.string())),
  };
}
