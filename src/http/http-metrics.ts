import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export interface RequestMeasure {
  method: string;
  /** The route as it is written in the table (`/v1/pipelines/{name}`), so that there are as many series as routes. */
  route: string;
  status: number;
  seconds: number;
}

export interface HttpMetrics {
  readonly contentType: string;
  count(request: RequestMeasure): void;
  text(): Promise<string>;
}

/** Requests and their durations, beside the usual measurements of a Node process; in a registry of their own. */
export function httpMetrics(): HttpMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({ name: 'meridian_http_requests_total', help: 'Requests answered', labelNames, registers: [registry] });
  const durations = new Histogram({
    name: 'meridian_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    count({ seconds, status, ...request }) {
      const labels = { ...request, status: String(status) };
      requests.inc(labels);
      durations.observe(labels, seconds);
    },
    text: () => registry.metrics(),
  };
}
