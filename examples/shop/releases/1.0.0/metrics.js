import { collectDefaultMetrics, Counter, Histogram, register } from 'prom-client';

const slowSeconds = 0.3;

collectDefaultMetrics();

const requests = new Counter({ name: 'http_requests_total', help: 'Requests answered', labelNames: ['route', 'status'] });

const slow = new Counter({
  name: 'http_requests_slow_total',
  help: `Requests that took longer than ${slowSeconds} s: the part of the histogram that a selector cannot name`,
  labelNames: ['route'],
});

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from a request to its answer',
  labelNames: ['route'],
  buckets: [0.005, 0.025, 0.1, slowSeconds, 1, 3],
});

// A counter that has not counted yet is 0, not absent: without this, a shop free of errors would look like one without data.
for (const status of ['200', '400', '500']) requests.inc({ route: '/checkout', status }, 0);
slow.inc({ route: '/checkout' }, 0);

/** Counts one answer; `seconds` is the time it took. */
export function observe(route, status, seconds) {
  requests.inc({ route, status });
  duration.observe({ route }, seconds);
  if (seconds > slowSeconds) slow.inc({ route });
}

/** The metrics as Prometheus reads them: { type, text }. */
export const exposition = async () => ({ type: register.contentType, text: await register.metrics() });
