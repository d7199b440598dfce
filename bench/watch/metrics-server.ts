// Metrics of many regions, a process of its own, as `prom-client` writes them: counters that have grown since it started, a histogram, a gauge, and what
// every Node process shows besides. GET /<number>/metrics.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const perSecond = 50;
const edges = [0.005, 0.025, 0.1, 0.3, 1, 3];
/** Share of the requests that take at most so long. */
const shares = [0.31, 0.84, 0.97, 0.992, 0.998, 0.9995];
const startedAt = Date.now() / 1_000;
let looks = 0;

/** What a process of Node shows anyway: series that no check asks for, and that a source must read over. */
const others = Array.from({ length: 60 }, (_, index) => `nodejs_other_metric_${index}{kind="a",space="space-${index % 7}"} ${index * 1_024}`).join('\n');

/** What is expected after so long, a little more or less from region to region. */
function metricsOf(region: number, seconds: number): string {
  const requests = Math.floor(seconds * perSecond * (1 + (region % 7) / 10));
  const [failed, slow, retried] = [0.002, 0.004, 0.01].map((share) => Math.floor(requests * share * (1 + 0.1 * Math.sin(seconds / 60 + region))));
  return `${[
    ...['200', '400', '500'].map((status, index) => `http_requests_total{route="/checkout",status="${status}"} ${[requests - failed!, 0, failed][index]}`),
    `http_requests_slow_total{route="/checkout"} ${slow}`,
    `http_retries_total{route="/checkout"} ${retried}`,
    ...edges.map((edge, index) => `http_request_duration_seconds_bucket{le="${edge}",route="/checkout"} ${Math.floor(requests * shares[index]!)}`),
    `http_request_duration_seconds_bucket{le="+Inf",route="/checkout"} ${requests}`,
    `process_resident_memory_bytes ${60_000_000 + (region % 11) * 100_000 + Math.floor(200_000 * Math.sin(seconds / 30 + region))}`,
    `process_start_time_seconds ${startedAt}`,
  ].join('\n')}\n${others}\n`;
}

const server = createServer((request, response) => {
  looks += 1;
  if (request.url === '/looks') return response.end(String(looks));
  const region = Number(/^\/(\d+)\/metrics$/.exec(request.url ?? '')?.[1] ?? 0);
  return response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metricsOf(region, Date.now() / 1_000 - startedAt));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
