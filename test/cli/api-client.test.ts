import { describe, expect, it } from 'vitest';
import { createApiClient } from '../../src/cli/api-client.js';
import { ApiProblem, ApiUnreachable, NotUnderstood } from '../../src/cli/api-errors.js';
import { freePorts } from '../support/free-ports.js';
import { ok, problem, startFakeApi, type FakeApi, type Reply } from './fake-api.js';
import { running } from './sample-rollouts.js';

const clientOf = ({ url }: Pick<FakeApi, 'url'>) => createApiClient({ url, user: 'ana', token: 'let-me-in', retryDelaysMs: [10, 20, 50] });

const request = { pipeline: 'shop', release: { version: '1.1.0' } };

const keysOf = ({ received }: FakeApi) => received.map(({ headers }) => headers['idempotency-key']);

/** Answers the given replies one after the other, and the last of them for ever. */
const inTurn = (...replies: Reply[]) => (_request: unknown, count: number): Reply => replies[Math.min(count, replies.length) - 1]!;

describe('a request', () => {
  it('carries who acts and the token, and its answer is read by the schema of the API', async () => {
    const api = await startFakeApi(() => ok({ ...running, addedLater: true }));
    expect(await clientOf(api).rollout('shop-3')).toEqual(running);
    expect(api.received[0]).toMatchObject({ method: 'GET', url: '/v1/rollouts/shop-3', headers: { 'meridian-user': 'ana', authorization: 'Bearer let-me-in' } });
  });

  it('gives links that can be opened from anywhere', async () => {
    const api = await startFakeApi(() => ok({ ...running, links: { self: '/v1/rollouts/shop-3', temporal: null } }));
    expect((await clientOf({ url: `${api.url}/` }).rollout('shop-3')).links).toEqual({ self: `${api.url}/v1/rollouts/shop-3`, temporal: null });
  });

  it('keeps names inside their part of the address', async () => {
    const api = await startFakeApi(() => ok(running));
    await clientOf(api).rollout('../pipelines?x=1');
    expect(api.received[0]!.url).toBe('/v1/rollouts/..%2Fpipelines%3Fx%3D1');
  });

  it('sends a document as it is', async () => {
    const api = await startFakeApi(() => ok({ name: 'shop', revision: 2, created: false, changed: true, warnings: [] }));
    await clientOf(api).applyPipeline('shop', 'name: shop # ours\n');
    expect(api.received[0]).toMatchObject({ method: 'PUT', url: '/v1/pipelines/shop', body: 'name: shop # ours\n', headers: { 'content-type': 'application/yaml' } });
  });
});

describe('a write', () => {
  it.each([
    ['an answer that is lost', 'break'],
    ['an API that is not ready', problem(503, { title: 'No worker answers' })],
  ] as const)('after %s is sent again under the same key', async (_title, failure) => {
    const api = await startFakeApi(inTurn(failure, failure, ok(running)));
    expect((await clientOf(api).startRollout(request)).id).toBe('shop-3');
    const keys = keysOf(api);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
  });

  it('has a key of its own each time', async () => {
    const api = await startFakeApi(() => ok(running));
    await clientOf(api).decide('shop-3', 'pause', {});
    await clientOf(api).decide('shop-3', 'pause', {});
    expect(new Set(keysOf(api)).size).toBe(2);
  });

  it('is given up after four attempts', async () => {
    const api = await startFakeApi(() => problem(503, { title: 'Temporal cannot be reached', detail: 'Start it.' }));
    await expect(clientOf(api).startRollout(request)).rejects.toMatchObject({ name: 'ApiProblem', status: 503 });
    expect(api.received).toHaveLength(4);
  });

  it('that is refused is not sent again', async () => {
    const api = await startFakeApi(() => problem(409, { title: 'The decision makes no sense now', code: 'DecisionRefused' }));
    await expect(clientOf(api).decide('shop-3', 'approve', {})).rejects.toBeInstanceOf(ApiProblem);
    expect(api.received).toHaveLength(1);
  });

  it('goes on while an API that may have received it is being restarted', async () => {
    const first = await startFakeApi(() => {
      // It dies with the request in its hands, and comes back on the same port.
      setTimeout(() => void first.close().then(() => startFakeApi(() => ok(running), first.port)), 0);
      return 'break';
    });
    expect((await clientOf(first).startRollout(request)).id).toBe('shop-3');
  });

  it('that nobody received fails at once, and says where nobody listens', async () => {
    const [port] = await freePorts(1);
    const failure = clientOf({ url: `http://127.0.0.1:${port}` }).startRollout(request);
    await expect(failure).rejects.toMatchObject({ name: 'ApiUnreachable', url: `http://127.0.0.1:${port}`, isRefused: true });
  });
});

describe('a read', () => {
  it('is sent once: who waits asks again, everybody else wants to know', async () => {
    const api = await startFakeApi(() => 'break');
    await expect(clientOf(api).rollout('shop-3')).rejects.toBeInstanceOf(ApiUnreachable);
    expect(api.received).toHaveLength(1);
  });
});

describe('the board', () => {
  it('is read to its last page', async () => {
    const board = (pipeline: string) => ({ pipeline, cells: [] });
    const api = await startFakeApi(inTurn(ok({ items: [board('shop')], next: 'after-shop' }), ok({ items: [board('till')] })));
    expect(await clientOf(api).board()).toEqual([board('shop'), board('till')]);
    expect(api.received.map(({ url }) => url)).toEqual(['/v1/board?limit=100', '/v1/board?limit=100&cursor=after-shop']);
  });
});

describe('an answer', () => {
  it('that is a problem keeps its code, its detail and every pointer', async () => {
    const errors = [{ in: 'body', pointer: '/regions/sydney/weight', detail: 'needs at least 0; got -1' }];
    const api = await startFakeApi(() => problem(422, { title: 'The request was read and is not right', code: 'InvalidRequest', detail: 'One thing.', errors }));
    await expect(clientOf(api).startRollout(request)).rejects.toMatchObject({ status: 422, problem: { code: 'InvalidRequest', detail: 'One thing.', errors } });
  });

  it.each([
    ['a page of somebody else', { status: 200, body: '<html>It works!</html>', type: 'text/html' }],
    ['an error page of somebody else', { status: 404, body: '<html>Not found</html>', type: 'text/html' }],
    ['a rollout of another version', ok({ ...running, status: 'meditating' })],
  ] as const)('that is %s is not mistaken for one of Meridian', async (_title, reply) => {
    const api = await startFakeApi(() => reply);
    const failure = clientOf(api).rollout('shop-3');
    await expect(failure).rejects.toBeInstanceOf(NotUnderstood);
    await expect(failure).rejects.toThrow(api.url);
  });
});
