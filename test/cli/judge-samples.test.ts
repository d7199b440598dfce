import { expect, it } from 'vitest';
import { problem, startFakeApi } from './fake-api.js';
import { meridian } from './run-cli.js';

const lines = '{"deployAt":1}\n{"t":2}\n';
const ndjson = { status: 200, body: lines, type: 'application/x-ndjson; charset=utf-8' };

it('prints what a soak has seen as it is, for a file or a pipe', async () => {
  const api = await startFakeApi(() => ndjson);
  expect(await meridian(api, 'judge', 'samples', 'shop-3', 'production/sydney')).toEqual({ exitCode: 0, stdout: lines, stderr: '' });
  await meridian(api, 'judge', 'samples', 'shop-3', 'production/sydney/acme', '--attempt', '2');
  expect(api.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /v1/rollouts/shop-3/soaks/production/sydney', 'GET /v1/rollouts/shop-3/soaks/production/sydney?tenant=acme&attempt=2',
  ]);
  expect(api.received[0]!.headers.accept).toBe('application/x-ndjson, application/problem+json');
});

it('says what there is where there is no such soak, and prints nothing', async () => {
  const api = await startFakeApi(() => problem(404, { title: 'There is no such soak', detail: 'shop-3 has not come to production/tokyo; it has been in production/sydney.' }));
  const { exitCode, stdout, stderr } = await meridian(api, 'judge', 'samples', 'shop-3', 'production/tokyo');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('shop-3 has not come to production/tokyo; it has been in production/sydney.');
});

it('takes nothing else for samples: another program may listen there', async () => {
  const api = await startFakeApi(() => ({ status: 200, body: '<html>', type: 'text/html' }));
  expect(await meridian(api, 'judge', 'samples', 'shop-3', 'production/sydney')).toMatchObject({ exitCode: 1, stdout: '' });
});

it.each([['sydney'], ['production/'], ['a/b/c/d'], ['production/sydney/']])('refuses the place %s before it asks', async (place) => {
  const api = await startFakeApi(() => ndjson);
  expect(await meridian(api, 'judge', 'samples', 'shop-3', place)).toMatchObject({ exitCode: 64 });
  expect(api.received).toEqual([]);
});
