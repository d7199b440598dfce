import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { webhookMetrics } from '../../src/adapters/webhook-metrics.js';
import { Check, WebhookMetrics } from '../../src/rollout/schema/check.js';
import { freePorts } from '../support/free-ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';

const never = new AbortController().signal;
const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;
const noon = Date.UTC(2026, 10, 21, 12);

/** The snippet of the README, with the service on a port of its own and sydney in place of the region. */
async function readme(port: number): Promise<{ metrics: WebhookMetrics; checks: Check[] }> {
  const [, yaml] = /^```yaml\n([\s\S]*?)^```$/m.exec(await readFile('examples/metrics-webhook/README.md', 'utf8'))!;
  const { metrics, checks } = parse(yaml!.replace('4300', String(port)).replace('{{ region.name }}', 'sydney')) as { metrics: unknown; checks: unknown[] };
  return { metrics: WebhookMetrics.parse(metrics), checks: checks.map((check) => Check.parse(check)) };
}

/** A request every second in the two minutes before noon: each tenth one fails, each second one is slow; virginia's are not sydney's. */
const lines = Array.from({ length: 120 }, (_, index) => ({
  at: new Date(noon - index * 1_000).toISOString(), region: 'sydney', status: index % 10 === 0 ? 500 : 200, seconds: index % 2 === 0 ? 0.4 : 0.08,
})).concat({ at: new Date(noon).toISOString(), region: 'virginia', status: 500, seconds: 9 });

async function startExample(clock: () => number): Promise<{ source: MetricSource; unsigned: MetricSource; checks: Check[] }> {
  const log = path.join(await temporaryFolder(), 'access.log');
  await writeFile(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const [port] = await freePorts(1) as [number];
  const child = spawn(process.execPath, ['examples/metrics-webhook/server.mjs'], {
    env: { PATH: process.env.PATH, PORT: String(port), LOG: log, METRICS_SECRET: secret }, stdio: 'ignore',
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  await waitFor('the service listens', async () => (await fetch(`http://127.0.0.1:${port}/`)).status > 0);
  const { metrics, checks } = await readme(port);
  const connect = webhookMetrics({ allow: [], allowLoopback: true }, clock);
  return { source: connect(metrics, { METRICS_SECRET: secret }), unsigned: connect({ ...metrics, secret: undefined }, {}), checks };
}

it('the example answers what the checks of its README ask, now and of the past, to whoever signs', async () => {
  let now = noon - 60_000;
  const { source, unsigned, checks } = await startExample(() => now);
  const { cursor } = await source.look(checks, undefined, never);
  now = noon;
  const { samples } = await source.look(checks, cursor, never);
  expect(samples).toEqual({
    errors: { kind: 'ratio', bad: 6, total: 60 },
    latency: { kind: 'histogram', buckets: { 0.05: 0, 0.1: 30, 0.2: 30, 0.3: 30, 0.5: 60, 1: 60, 3: 60, '+Inf': 60 } },
  });
  const past = await source.history(checks, { fromMs: noon - 60_000, toMs: noon, stepMs: 20_000 }, never);
  expect(past.errors).toEqual([40_000, 20_000, 0].map((before) => ({ atMs: noon - before, sample: { kind: 'ratio', bad: 2, total: 20 } })));
  expect((await unsigned.look(checks, cursor, never)).samples.errors).toMatchObject({ kind: 'error', reason: expect.stringContaining('answered 500') });
});

it('the self-test sees that the checks of the example can fail, and finds a counter that is not there', async () => {
  const { source, checks } = await startExample(() => noon);
  const typo = Check.parse({ name: 'typo', kind: 'ratio', bad: 'fialed', total: 'all', objective: 0.99 });
  expect(await source.selfTest([...checks, typo], never)).toMatchObject([
    { check: 'errors', outcome: 'works' }, { check: 'latency', outcome: 'works' },
    { check: 'typo', outcome: 'broken', saw: 'all: the service says: there is no counter fialed; there are all, failed, slow' },
  ]);
});
