import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import { preflight } from '../../activities/preflight.js';
import type { Readiness } from '../../activities/self-test.js';
import type { PreflightWork } from '../../activities/work.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import { resolveVariables } from '../../src/adapters/references.js';
import { scrapeMetrics } from '../../src/adapters/scrape-metrics.js';
import { webhookMetrics } from '../../src/adapters/webhook-metrics.js';
import { fillIn } from '../../src/rollout/document/templates.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { Place } from '../../src/rollout/places.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { closedPort, startServer } from '../adapters/http-server.js';
import { fakeDependencies, FakeWorld } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';

installRuntime({ logLevel: 'silent' });

let world: FakeWorld;
let dependencies: Dependencies;
beforeEach(() => {
  world = new FakeWorld();
  const webhook = webhookMetrics({ allow: [], allowLoopback: true });
  const [scrape, prometheus] = [scrapeMetrics(), prometheusMetrics()];
  dependencies = {
    ...fakeDependencies(() => world, undefined as never), fillIn, resolveVariables,
    connectMetrics: (settings, variables) => {
      switch (settings.type) {
        case 'webhook':
          return webhook(settings, variables);
        case 'scrape':
          return scrape(settings);
        case 'prometheus':
          return prometheus(settings, variables);
      }
    },
  };
});

const at = (region: string): Place => ({ environment: 'production', region });
const errors = { name: 'errors', kind: 'ratio', bad: 'failed{release="{{ release.version }}"}', total: 'all{region="{{ region.name }}"}', objective: 0.99 };
const latency = { name: 'latency', kind: 'histogram', buckets: 'seconds' };

const shopAt = (url: string, changes: Record<string, unknown> = {}): PipelineDocument =>
  documentFor('shop', { metrics: { type: 'webhook', url: `${url}/{{ region.name }}` }, checks: [errors, latency], ...changes });

const noSchemaWork = { rollout: 'shop-1', migrations: [], toApply: [], serving: {} };

const look = (document: PipelineDocument, regions = ['sydney', 'virginia']): Promise<Readiness> =>
  new MockActivityEnvironment().run<[PreflightWork], Readiness, (work: PreflightWork) => Promise<Readiness>>(preflight(dependencies), { document, places: regions.map(at), release: { version: '1.1.0' }, schema: noSchemaWork });
const failureOf = (run: Promise<unknown>): Promise<unknown> => run.catch((error: unknown) => error);

/** A service that tests itself: what it says of the checks, by region. */
const testing = async (tests: (region: string) => Record<string, { outcome: string; saw: string }>): Promise<string> => {
  const { url } = await startServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ tests: tests(request.path.slice(1)) }));
  });
  return url;
};
const works = { outcome: 'works', saw: '' };

describe('preflight', () => {
  it('lets a rollout begin whose checks have been seen to fail', async () => {
    expect(await look(shopAt(await testing(() => ({ errors: works, latency: works }))))).toEqual({ untested: null });
    expect(await look(documentFor('shop', { metrics: undefined, checks: [] }))).toEqual({ untested: null });
  });

  it('refuses a check that could never fail, before anything is touched, and says where, what it asks and what came back', async () => {
    const url = await testing((region) => ({ errors: region === 'sydney' ? { outcome: 'broken', saw: 'there is no metric failed' } : works, latency: works }));
    world.running.set('production/sydney', { version: '1.0.0' });
    expect(await failureOf(look(shopAt(url)))).toMatchObject({
      type: 'CheckBroken', nonRetryable: true,
      message: 'production/sydney: the check errors could never fail, and a soak would prove nothing: the service says: there is no metric failed. '
        + 'It asks bad: failed{release="1.0.0"}, total: all{region="sydney"}. Mend that in the pipeline\'s checks, apply it, and ship again.',
    });
    expect(world.deeds).toEqual([]);
  });

  it('tells every check and every region that is wrong at once', async () => {
    const broken = { outcome: 'broken', saw: 'no such metric' };
    world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('TargetMisconfigured', 'virginia has no target');
    });
    const { type, message } = await failureOf(look(shopAt(await testing(() => ({ errors: broken, latency: broken }))))) as { type: string; message: string };
    expect(type).toBe('CheckBroken');
    expect(message.split('\n').map((line) => line.slice(0, 40))).toEqual([
      'production/sydney: the check errors coul', 'production/sydney: the check latency cou', 'virginia has no target',
      'production/virginia: the check errors co', 'production/virginia: the check latency c',
    ]);
  });

  it('notes what there is nothing to test with, which is no fault', async () => {
    const untested = { outcome: 'untested', saw: 'no request yet' };
    expect(await look(shopAt(await testing(() => ({ errors: untested, latency: untested }))))).toEqual({
      untested: 'nothing to test these checks with yet, so nobody has seen that they can fail: errors in production/sydney (the service says: no request yet); '
        + 'latency in production/sydney (the service says: no request yet); errors in production/virginia (the service says: no request yet) and 1 more',
    });
  });

  it('asks again a source that does not answer, once for each place, and then refuses', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const failure = await failureOf(look(shopAt(url))) as { message: string };
    expect(failure).toMatchObject({ type: 'MetricSourceFailed', nonRetryable: false });
    expect(failure.message.split('\n')).toEqual([
      expect.stringContaining('production/sydney: the metrics cannot be read'), expect.stringContaining('production/virginia: the metrics cannot be read'),
    ]);
    expect(failure.message).toContain('the connection was refused');
  });

  it('tells the first fifty of very many, and how many more there are', async () => {
    world.trouble.set('production/sydney', () => {
      throw new MeridianFailure('TargetMisconfigured', 'sydney has no target');
    });
    const names = Array.from({ length: 50 }, (_, index) => `check-${index}`);
    const url = await testing(() => Object.fromEntries(names.map((name) => [name, { outcome: 'broken', saw: '' }])));
    const document = shopAt(url, { checks: names.map((name) => ({ ...errors, name })) });
    const lines = (await failureOf(look(document)) as { message: string }).message.split('\n');
    expect(lines).toHaveLength(51);
    expect([lines[0], lines[50]]).toEqual(['sydney has no target', 'and 51 more like these']);
  });

  it('names a variable once that the target and the metrics of a place lack', async () => {
    dependencies.resolveVariables = async () => {
      throw new MeridianFailure('VariableMissing', 'HOST has no value in production/sydney');
    };
    expect(await failureOf(look(shopAt('http://x'), ['sydney']))).toMatchObject({ type: 'VariableMissing', message: 'HOST has no value in production/sydney' });
  });

  it('finds a template of a check that has no value', async () => {
    const document = shopAt('http://x', { variables: [{ name: 'SERVICE' }], checks: [{ ...errors, bad: 'failed{service="{{ SERVICE }}"}' }] });
    expect(await failureOf(look(document, ['sydney']))).toMatchObject({ type: 'TemplateInvalid', message: expect.stringContaining('{{ SERVICE }} has no value in production/sydney') });
  });
});

describe('metrics that a region tells itself', () => {
  const metrics = `
requests_total{status="200"} 1200
requests_total{status="500"} 3
seconds_bucket{le="0.1"} 1100
seconds_bucket{le="+Inf"} 1203
`;
  const checks = (bad: string) => [
    { name: 'errors', kind: 'ratio', bad, total: 'requests_total', objective: 0.99 }, { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' },
  ];
  const scraped = async (bad: string): Promise<PipelineDocument> => {
    const { url } = await startServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics));
    return documentFor('shop', { metrics: { type: 'scrape', url: `${url}/metrics` }, checks: checks(bad) });
  };

  it('are asked before the rollout begins', async () => {
    world.running.set('production/sydney', { version: '1.0.0' });
    expect(await look(await scraped('requests_total{status=~"5.."}'), ['sydney'])).toEqual({ untested: null });
  });

  it.each(['request_total{status=~"5.."}', 'requests_total{statuss=~"5.."}'])('give a typing error away: %s', async (bad) => {
    world.running.set('production/sydney', { version: '1.0.0' });
    const failure = await failureOf(look(await scraped(bad), ['sydney'])) as { message: string };
    expect(failure).toMatchObject({ type: 'CheckBroken', nonRetryable: true });
    expect(failure.message).toContain('production/sydney: the check errors could never fail');
    expect(failure.message).toContain(`bad: ${bad}, total: requests_total`);
    expect(failure.message.split('\n')).toHaveLength(1);
  });

  it('are no fault where nothing runs yet, and one where something does', async () => {
    const document = documentFor('shop', { metrics: { type: 'scrape', url: `http://127.0.0.1:${await closedPort()}/metrics` }, checks: checks('requests_total{status=~"5.."}') });
    const { untested } = await look(document, ['sydney']);
    expect(untested).toContain('errors in production/sydney');
    expect(untested).toContain('latency in production/sydney');
    world.running.set('production/sydney', { version: '1.0.0' });
    expect(await failureOf(look(document, ['sydney']))).toMatchObject({ type: 'MetricSourceFailed', nonRetryable: false });
  });

  it('are those of a server of their own for Prometheus, which answers wherever nothing runs', async () => {
    const document = documentFor('shop', { metrics: { type: 'prometheus', url: `http://127.0.0.1:${await closedPort()}` }, checks: checks('requests_total{status=~"5.."}') });
    const failure = await failureOf(look(document, ['sydney'])) as { message: string };
    expect(failure).toMatchObject({ type: 'MetricSourceFailed', nonRetryable: false });
    expect(failure.message.split('\n')).toHaveLength(1);
  });
});
