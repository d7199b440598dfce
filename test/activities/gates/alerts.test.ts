import { describe, expect, it, vi } from 'vitest';
import { firingAlerts } from '../../../activities/gates/alerts.js';
import type { GateAnswer } from '../../../activities/work.js';
import { prometheusMetrics } from '../../../src/adapters/prometheus-metrics.js';
import type { PrometheusMetrics } from '../../../src/rollout/schema/check.js';
import { startServer } from '../../adapters/http-server.js';
import { hasPrometheus, startStoppablePrometheus, type AlertRule } from '../../adapters/prometheus-server.js';
import { gateDependencies, gateWork, look } from './gate-work.js';

const dependencies = gateDependencies({ connectMetrics: (settings, variables) => prometheusMetrics()(settings as PrometheusMetrics, variables) });

const ask = (url: string, labels: Record<string, string> = {}): Promise<GateAnswer> =>
  look(dependencies, gateWork({ type: 'alerts', labels }, { metrics: { type: 'prometheus', url, timeout: '5s' } }));

describe('the question for firing alerts', () => {
  it('counts those with every label, and is a number when there are none', () => {
    expect(firingAlerts({ severity: 'page', region: 'sydney' })).toBe('count(ALERTS{severity="page",region="sydney",alertstate="firing"}) or vector(0)');
    expect(firingAlerts({})).toBe('count(ALERTS{alertstate="firing"}) or vector(0)');
  });

  it('lets no label end the string, name another state, or be taken for a window', () => {
    expect(firingAlerts({ a: '"} or vector(1) #', b: 'c:\\d\n', alertstate: 'pending', e: '$window' }))
      .toBe(String.raw`count(ALERTS{a="\"} or vector(1) #",b="c:\\d\n",alertstate="firing",e="\x24window"}) or vector(0)`);
  });
});

it('is closed where the metrics are not those of a Prometheus, or are none', async () => {
  for (const metrics of [null, { type: 'scrape', url: 'http://127.0.0.1/metrics', timeout: '5s' }] as const) {
    expect(await look(dependencies, gateWork({ type: 'alerts' }, { metrics }))).toMatchObject({ isOpen: false, saw: expect.stringContaining('prometheus') });
  }
});

it.each([
  [503, 'Service Unavailable', 'answered 503'],
  [200, '{"status":"success","data":{"resultType":"vector","result":[]}}', 'empty'],
  [200, '{"status":"success","warnings":["a store is away"],"data":{"resultType":"vector","result":[{"metric":{},"value":[1795000000,"0"]}]}}', 'partial'],
  [200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795000000,"NaN"]}]}}', 'NaN'],
])('is closed by an answer %i %j', async (status, body, words) => {
  const server = await startServer((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
  expect(await ask(server.url)).toMatchObject({ isOpen: false, saw: expect.stringContaining(words) });
});

describe.skipIf(!hasPrometheus)('the alerts of a real Prometheus (skipped where none is installed: apt-get install prometheus)', () => {
  const until = (question: () => Promise<GateAnswer>, answer: Partial<GateAnswer>): Promise<void> =>
    vi.waitFor(async () => expect(await question()).toMatchObject(answer), { timeout: 30_000, interval: 200 });

  it('open the gate only while none of them fires and Prometheus answers', async () => {
    let trouble = 0;
    const server = await startServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(`trouble ${trouble}\n`));
    const rules: AlertRule[] = [
      { alert: 'Trouble', expr: 'trouble > 0', labels: { severity: 'page', region: 'sydney' } },
      { alert: 'MoreTrouble', expr: 'trouble > 1', labels: { severity: 'page', region: 'sydney' } },
      { alert: 'Odd', expr: 'trouble > 0', labels: { severity: 'say "$window" \\ twice' } },
    ];
    const { url, stop } = await startStoppablePrometheus(server.url, rules);
    const page = () => ask(url, { severity: 'page', region: '{{ region.name }}' });

    await until(page, { isOpen: true, saw: 'no alert fires' });
    trouble = 1;
    await until(page, { isOpen: false, saw: '1 alert fires' });
    await until(() => ask(url, { severity: 'say "$window" \\ twice' }), { isOpen: false, saw: '1 alert fires' });
    await until(() => ask(url), { isOpen: false, saw: '2 alerts fire' });
    expect(await ask(url, { severity: 'ticket' })).toMatchObject({ isOpen: true });
    trouble = 2;
    await until(page, { isOpen: false, saw: '2 alerts fire' });
    trouble = 0;
    await until(page, { isOpen: true, saw: 'no alert fires' });
    await stop();
    expect(await page()).toMatchObject({ isOpen: false, saw: expect.stringContaining('cannot be asked') });
  });
});
