import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/http/loopback.js';
import { readTokens } from '../../src/http/tokens.js';
import { shopText } from '../rollout/sample-document.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openApp, sha256, tokensOf } from './open-app.js';

const everybody = tokensOf({ vic: ['viewer'], olga: ['operator'], dan: ['deployer'], ada: ['admin'], rita: ['release-manager'] });
/** The role that the problem says is missing. */
const missingRole = (text: string): string | undefined => /"code":"RoleMissing","detail":"This takes the role ([a-z]+);/.exec(text)?.[1];

const bearer = (name: string): string => `Bearer ${name}-secret`;

describe('without tokens', () => {
  it('acts are in the name that the caller gives, or of the local user', async () => {
    const { http, workflows } = openApp();
    for (const name of ['ana', 'Ana%20M%C3%BCller', 'DOMAIN%5Cben', undefined]) {
      const request = http.post('/v1/rollouts/shop-1/pause').send({});
      await (name === undefined ? request : request.set('Meridian-User', name)).expect(200);
    }
    expect(workflows.told('decide').map(([, , { by }]) => by)).toEqual(['ana', 'Ana Müller', 'DOMAIN\\ben', 'local']);
  });

  it.each([
    ['a line break', 'ana%0Aroot'], ['markup', '<b>ana</b>'], ['Markdown', '[ana](https://evil.example)'], ['nothing', ''], ['too much', 'a'.repeat(65)], ['a stray %', 'ana%'],
  ])('a name with %s is refused: names stand in timelines and pages', async (_, name) => {
    const answer = await openApp().http.get('/v1/pipelines').set('Meridian-User', name);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ in: 'header', pointer: '/Meridian-User' }] }]);
  });

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000'])('the host %s is answered', async (host) => {
    expect((await openApp().http.get('/v1/pipelines').set('Host', host)).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example:3000', '127.0.0.1.nip.io', '10.0.0.1', '[::2]:3000', ''])(
    'the host "%s" is refused everywhere: another site may point its name to this machine', async (host) => {
      for (const address of ['/v1/pipelines', '/docs', '/metrics', '/openapi.json']) {
        const answer = await openApp().http.get(address).set('Host', host);
        expect([address, answer.status, answer.body]).toMatchObject([address, 403, { code: 'HostRefused' }]);
      }
    });

  it('only loopback addresses count as this machine', () => {
    expect(['127.0.0.1', '::1', 'localhost', '::ffff:127.0.0.1'].filter((host) => !isLoopback(host))).toEqual([]);
    expect(['0.0.0.0', '::', '192.168.0.1', 'example.com', 'meridian', ''].filter(isLoopback)).toEqual([]);
  });
});

describe('with tokens', () => {
  it.each([['none', undefined], ['another kind', 'Basic YTpi'], ['an unknown one', 'Bearer wrong'], ['an empty one', 'Bearer '], ['two words', 'Bearer a b']])(
    '%s is 401, and says how to send one', async (_, authorization) => {
      const { http, workflows } = openApp({ tokens: everybody });
      const request = http.get('/v1/pipelines');
      const answer = await (authorization === undefined ? request : request.set('Authorization', authorization));
      expect([answer.status, answer.body]).toMatchObject([401, { code: 'Unauthenticated' }]);
      expect(answer.get('www-authenticate')).toMatch(/^Bearer realm="meridian"/);
      expect(workflows.calls).toEqual([]);
    });

  it('acts are in the name of the token, whatever the caller says', async () => {
    const { http, workflows } = openApp({ tokens: everybody });
    await http.post('/v1/rollouts/shop-1/pause').set('Authorization', bearer('olga')).set('Meridian-User', 'ana').send({}).expect(200);
    expect(workflows.told('decide')[0]![2]).toMatchObject({ by: 'olga', roles: ['operator'] });
  });

  const requests = {
    plan: ['post', '/v1/plans', { pipeline: 'shop', release: { version: '1.1.0' } }],
    freezes: ['get', '/v1/freezes', undefined],
    missing: ['get', '/v1/pipelines/shop/missing', undefined],
    approve: ['post', '/v1/rollouts/shop-1/approve', {}],
    reject: ['post', '/v1/rollouts/shop-1/reject', { reason: 'x' }],
    override: ['post', '/v1/rollouts/shop-1/override', { reason: 'x' }],
    pause: ['post', '/v1/rollouts/shop-1/pause', {}],
    abort: ['post', '/v1/rollouts/shop-1/abort', { reason: 'x' }],
    freeze: ['put', '/v1/freezes/peak', { scope: 'all', reason: 'x' }],
    lift: ['delete', '/v1/freezes/peak', undefined],
    block: ['put', '/v1/blocks/cve', { version: '1.0.9', reason: 'x' }],
    unblock: ['delete', '/v1/blocks/cve', undefined],
    drain: ['put', '/v1/pipelines/shop/drains/sydney', { reason: 'x' }],
    undrain: ['delete', '/v1/pipelines/shop/drains/sydney', undefined],
    revoke: ['post', '/v1/pipelines/shop/releases/1.1.0/revoke', { reason: 'x' }],
    ship: ['post', '/v1/rollouts', { pipeline: 'shop', release: { version: '1.1.0' } }],
    promote: ['post', '/v1/rollouts/shop-1/promote', {}],
    apply: ['put', '/v1/pipelines/shop', shopText],
    schedule: ['put', '/v1/schedules/nightly', { pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * *', reason: 'x' }],
    unschedule: ['delete', '/v1/schedules/nightly', undefined],
  } as const;
  const forEverybody: (keyof typeof requests)[] = ['plan', 'freezes', 'missing', 'approve', 'reject', 'override'];
  const forOperators: (keyof typeof requests)[] = ['pause', 'abort', 'freeze', 'lift', 'block', 'unblock', 'drain', 'undrain', 'revoke'];
  const forDeployers: (keyof typeof requests)[] = ['ship', 'promote', 'apply', 'schedule', 'unschedule'];

  it.each([
    ['vic', []], ['rita', []], ['olga', forOperators], ['dan', forDeployers], ['ada', [...forOperators, ...forDeployers]],
  ])('%s may do what the roles say, and is told which role is missing', async (name, allowed) => {
    const { http } = openApp({ tokens: everybody });
    for (const [what, [method, address, body]] of Object.entries(requests)) {
      const each = what as keyof typeof requests;
      const request = http[method](address).set('Authorization', bearer(name));
      const answer = await (body === undefined ? request : request.send(body));
      const role = forOperators.includes(each) ? 'operator' : 'deployer';
      const isAllowed = [...forEverybody, ...allowed].includes(each);
      expect([what, isAllowed ? answer.status < 300 : missingRole(answer.text)]).toEqual([what, isAllowed ? true : role]);
    }
  });

  it('hands the roles on to the gate, and every role for an admin', async () => {
    const { http, workflows } = openApp({ tokens: everybody });
    for (const name of ['rita', 'ada']) await http.post('/v1/rollouts/shop-1/approve').set('Authorization', bearer(name)).send({});
    expect(workflows.told('decide').map(([, , { roles }]) => roles)).toEqual([['release-manager'], ['*']]);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs/'])('%s is for everybody, under any name of the host', async (address) => {
    expect((await openApp({ tokens: everybody }).http.get(address).set('Host', 'meridian.example')).status).toBe(200);
  });
});

describe('MERIDIAN_TOKENS', () => {
  it('may be read from a file', async () => {
    const file = path.join(await temporaryFolder(), 'tokens.json');
    await writeFile(file, everybody);
    await chmod(file, 0o600);
    expect(readTokens(`@${file}`).holderOf('olga-secret')).toEqual({ name: 'olga', roles: ['operator'] });
    expect(readTokens(`@${file}`).holderOf('olga')).toBeUndefined();
  });

  it.each([
    ['not JSON', '[{"name": "hush-hush"', /is not JSON/],
    ['nobody', '[]', /needs at least 1 item/],
    ['no roles', JSON.stringify([{ name: 'ana', roles: [], sha256: sha256('x') }]), /\/0\/roles: needs at least 1 item/],
    ['the token itself', JSON.stringify([{ name: 'ana', roles: ['viewer'], sha256: 'hush-hush' }]), /\/0\/sha256: give the SHA-256 of the token/],
    ['tokens alone', JSON.stringify(['hush-hush']), /\/0: expected an object/],
    ['the token under another key', JSON.stringify([{ name: 'ana', roles: ['viewer'], token: 'hush-hush' }]), /\/0\/token: unknown key; allowed: name, roles, sha256/],
    ['a file that is not there', '@/nowhere/tokens.json', /the file \/nowhere\/tokens\.json, which cannot be read/],
  ])('with %s is refused, and nothing of it is repeated', (_, setting, message) => {
    expect(() => readTokens(setting)).toThrow(message);
    expect(() => readTokens(setting)).not.toThrow(/hush-hush/);
  });
});
