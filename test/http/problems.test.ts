import { describe, expect, it } from 'vitest';
import { Problem, problemKind } from '../../src/http/problems.js';
import { OutOfReach, type OutOfReachReason } from '../../src/http/temporal/out-of-reach.js';
import { failureCodes, MeridianFailure, type FailureCode } from '../../src/rollout/failure.js';
import { openApp } from './open-app.js';

const codes = Object.keys(failureCodes) as FailureCode[];

describe('a refusal by the rules', () => {
  it.each(codes)('%s is answered as a problem with its own code, status and title', async (code) => {
    const { http, workflows } = openApp();
    workflows.fail('pipeline', new MeridianFailure(code, 'What happened, and what to do.'));
    const answer = await http.get('/v1/pipelines/shop').set('X-Request-Id', 'abc-1');
    const { status, title } = problemKind(code);
    expect(answer.status).toBe(status);
    expect(answer.get('content-type')).toContain('application/problem+json');
    expect(Problem.parse(answer.body)).toEqual({
      type: `urn:meridian:problem:${code}`, title, status, code, detail: 'What happened, and what to do.', instance: '/v1/pipelines/shop', requestId: 'abc-1',
    });
  });

  it('that somebody can cause is never an error of ours', () => {
    const ours: FailureCode[] = [
      'RegionUnreachable', 'DeployFailed', 'VerifyFailed', 'StepTimedOut', 'UndoFailed', 'RegionRegressed', 'ErrorBudgetSpent', 'NoData', 'MetricSourceFailed', 'SoakInconclusive', 'Internal',
      'DatabaseUnreachable', 'DatabaseRefused', 'MigrationBlocked', 'MigrationFailed', 'ReplicaLagging',
    ];
    expect(codes.filter((code) => problemKind(code).status >= 500)).toEqual(expect.arrayContaining(ours));
    expect(codes.filter((code) => problemKind(code).status >= 500)).toHaveLength(ours.length);
  });
});

describe('what nobody can answer', () => {
  it.each<[OutOfReachReason, number, string | undefined]>([
    ['TemporalUnavailable', 503, '2'], ['NoWorker', 503, '5'], ['Overloaded', 429, '1'], ['TimedOut', 504, undefined],
  ])('%s is %i, and says when to ask again', async (reason, status, seconds) => {
    const { http, workflows } = openApp();
    workflows.fail('pipelines', new OutOfReach(reason, 'Why.'));
    const answer = await http.get('/v1/pipelines');
    expect([answer.status, answer.get('retry-after'), answer.body]).toMatchObject([status, seconds, { code: reason, detail: 'Why.' }]);
  });
});

describe('a mistake of ours', () => {
  it('is answered without a word of what went wrong, which is in the log under the request id', async () => {
    const { http, workflows, log } = openApp();
    workflows.fail('pipeline', new TypeError('x is not a function: /secret/path'));
    const answer = await http.get('/v1/pipelines/shop');
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'Internal' }]);
    expect(answer.text).not.toMatch(/secret|TypeError|\.ts|stack/);
    const { requestId } = answer.body as { requestId: string };
    expect(log).toContainEqual(expect.objectContaining({ level: 50, requestId, err: expect.objectContaining({ message: 'x is not a function: /secret/path' }) as object }));
  });
});

describe('an address', () => {
  it.each(['/nope', '/v1', '/v1/rollouts/shop-1/ship', '/v1/drains', '/docs/nope.js'])('%s that nobody knows is 404', async (path) => {
    const answer = await openApp().http.get(path);
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'RouteNotFound', instance: path }]);
  });

  it.each([
    ['delete', '/v1/pipelines/shop', 'GET, HEAD, OPTIONS, PUT'],
    ['get', '/v1/rollouts/shop-1/pause', 'OPTIONS, POST'],
    ['post', '/v1/freezes/x', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['get', '/v1/pipelines/shop/drains/sydney', 'DELETE, OPTIONS, PUT'],
    ['post', '/healthz', 'GET, HEAD, OPTIONS'],
    ['put', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['post', '/docs', 'GET, HEAD, OPTIONS'],
    ['patch', '/', 'GET, HEAD, OPTIONS'],
  ] as const)('does not take %s %s, and says what it takes', async (method, path, allow) => {
    const answer = await openApp().http[method](path);
    expect([answer.status, answer.get('allow'), answer.body]).toMatchObject([405, allow, { code: 'MethodNotAllowed' }]);
  });

  it('tells a browser of another site nothing that would let it in', async () => {
    const answer = await openApp().http.options('/v1/rollouts').set('Origin', 'https://evil.example').set('Access-Control-Request-Method', 'POST');
    expect(answer.status).toBe(204);
    expect(Object.keys(answer.headers as object).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it.each(['/v1/pipelines/%E0%A4%A', '/v1/rollouts/%'])('%s that is not UTF-8 is 400', async (path) => {
    const answer = await openApp().http.get(path);
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'MalformedRequest' }]);
  });

  it.each([
    ['/v1/rollouts/Shop', '/id', 'a rollout is named <pipeline>-<number>'],
    ['/v1/pipelines/No%20way', '/name', 'use lower-case letters'],
    ['/v1/pipelines/..%2f..', '/name', 'use lower-case letters'],
    ['/v1/pipelines/a%00b', '/name', 'use lower-case letters'],
  ])('%s with a name that cannot be is 422, and says how names are written', async (path, pointer, detail) => {
    const answer = await openApp().http.get(path);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ in: 'path', pointer, detail: expect.stringContaining(detail) as string }] }]);
  });

  it.each([
    ['?stat=running', '/stat', 'unknown key; allowed: pipeline, status, release, region, limit, cursor. Did you mean status?'],
    ['?status=runing', '/status', 'Did you mean running?'],
    ['?limit=0', '/limit', 'needs at least 1; got 0'],
    ['?limit=101', '/limit', 'takes at most 100; got 101'],
    ['?limit=many', '/limit', 'expected a number'],
    ['?pipeline=a&pipeline=b', '/pipeline', 'expected a text, got a list'],
    ['?__proto__=x', '/__proto__', 'unknown key'],
    ['?cursor=', '/cursor', 'needs at least 1 character'],
  ])('with the query %s is 422', async (query, pointer, detail) => {
    const answer = await openApp().http.get(`/v1/rollouts${query}`);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ in: 'query', pointer, detail: expect.stringContaining(detail) as string }] }]);
  });
});
