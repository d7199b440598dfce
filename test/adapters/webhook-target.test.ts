import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { RegionTarget } from '../../activities/ports/region-target.js';
import { webhookTarget } from '../../src/adapters/webhook-target.js';
import { WebhookTarget } from '../../src/rollout/schema/target.js';
import { closedPort, pour, startServer, type Received, type TestServer } from './http-server.js';
import { deployStep, place, undoStep } from './region-steps.js';

const never = new AbortController().signal;

const target = (url: string, settings: Partial<WebhookTarget> = {}, allow: string[] = []): RegionTarget =>
  webhookTarget({ allow, allowLoopback: true })(WebhookTarget.parse({ type: 'webhook', url, timeout: '30s', ...settings }));

const answering = (reply: unknown, status = 200): Promise<TestServer> => startServer((_, response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof reply === 'string' ? reply : JSON.stringify(reply));
});

const bodyOf = (received: Received | undefined): unknown => JSON.parse(received!.body);

describe('a webhook', () => {
  it('is told what to deploy, under the key of the step, without secret variables', async () => {
    const server = await answering({ status: 'done', release: '1.1.0' });
    expect(await target(`${server.url}/hook?a=b`).deploy(deployStep, never)).toEqual({ status: 'done' });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ method: 'POST', path: '/hook?a=b', headers: { 'idempotency-key': deployStep.key, 'content-type': 'application/json' } });
    expect(bodyOf(server.received[0])).toEqual({
      action: 'deploy', key: deployStep.key, pipeline: 'shop', environment: 'production', region: 'sydney', rollout: 'shop-12',
      release: { version: '1.1.0', config: { BANNER: 'hello' } }, previous: { version: '1.0.0' }, variables: { CURRENCY: 'AUD' },
    });
  });

  it('is told the tenant, where it is about one', async () => {
    const server = await answering({ status: 'failed', message: 'no image' });
    const deploy = target(server.url).deploy({ ...deployStep, tenant: 'acme' }, never);
    await expect(deploy).rejects.toMatchObject({ message: expect.stringMatching(/^sydney\/acme: /) });
    expect(bodyOf(server.received[0])).toMatchObject({ region: 'sydney', tenant: 'acme' });
  });

  it('is told to put a release back, or to stop what was started', async () => {
    const server = await answering({ status: 'done' });
    await target(server.url).undo(undoStep, never);
    await target(server.url).undo({ ...undoStep, to: null }, never);
    expect(server.received.map(bodyOf)).toMatchObject([
      { action: 'undo', key: undoStep.key, release: { version: '1.0.0' }, previous: { version: '1.1.0' } },
      { action: 'undo', key: undoStep.key, release: null, previous: { version: '1.1.0' } },
    ]);
  });

  it('is asked what runs now, and answers a version, a bundle or nothing', async () => {
    for (const [release, found] of [['1.0.0', { version: '1.0.0' }], [{ version: '1.0.0', config: {} }, { version: '1.0.0', config: {} }], [null, null]]) {
      const server = await answering({ status: 'done', release });
      expect(await target(server.url).current(place, never)).toEqual(found);
      expect(bodyOf(server.received[0])).toEqual({
        action: 'current', pipeline: 'shop', environment: 'production', region: 'sydney', variables: { CURRENCY: 'AUD' },
      });
      expect(server.received[0]!.headers).not.toHaveProperty('idempotency-key');
    }
  });

  it('that forgets to say what runs is not taken for an empty region', async () => {
    const server = await answering({ status: 'done' });
    await expect(target(server.url).current(place, never)).rejects.toMatchObject({ code: 'TargetMisconfigured' });
  });

  it('may still be at it, and says when to ask again', async () => {
    const slow = await answering({ status: 'running', message: 'pulling', retryAfter: 2.5 });
    expect(await target(slow.url).deploy(deployStep, never)).toEqual({ status: 'running', retryAfterMs: 2_500, message: 'pulling' });
    const eager = await answering({ status: 'running', retryAfter: 0 });
    expect(await target(eager.url).verify(deployStep, never)).toEqual({ status: 'running', retryAfterMs: 500, message: '' });
  });

  it('is signed by Standard Webhooks when a secret is set, each request as a message of its own', async () => {
    const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;
    const server = await answering({ status: 'done' });
    const signed = target(server.url, { secret: 'HOOK_SECRET' });
    const step = { ...deployStep, variables: { ...deployStep.variables, HOOK_SECRET: secret }, secretNames: ['TOKEN', 'HOOK_SECRET'] };
    await signed.deploy(step, never);
    await signed.deploy(step, never);
    for (const { body, headers } of server.received) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ action: 'deploy' });
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
      expect(body).not.toContain(secret);
    }
    const [first, second] = server.received.map(({ headers }) => headers['webhook-id']);
    expect(first).not.toBe(second);
  });

  it('without a value for its secret, or with one that is no key, is misconfigured, and the value is not quoted', async () => {
    const server = await answering({ status: 'done' });
    const signed = target(server.url, { secret: 'HOOK_SECRET' });
    await expect(signed.deploy(deployStep, never)).rejects.toMatchObject({ code: 'VariableMissing', message: expect.stringContaining('HOOK_SECRET') });
    for (const bad of ['whsec_', 'whsec_***geheim***']) {
      const error = await signed.deploy({ ...deployStep, variables: { HOOK_SECRET: bad } }, never).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'TargetMisconfigured' });
      expect(inspect(error, { depth: 5 })).not.toContain('geheim');
    }
    expect(server.received).toHaveLength(0);
  });
});

describe('a step of which nothing is known is tried again', () => {
  it.each([500, 502, 503, 504, 408, 425, 429])('after an answer %i', async (status) => {
    const server = await answering('<h1>not now</h1>', status);
    await expect(target(server.url).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', retryable: true,
      message: `sydney: webhook 127.0.0.1:${server.port} answered ${status}: <h1>not now</h1> (deploy)`,
    });
  });

  it('after a refused connection', async () => {
    const port = await closedPort();
    await expect(target(`http://127.0.0.1:${port}`).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', retryable: true, message: `sydney: webhook 127.0.0.1:${port} cannot be reached: the connection was refused (deploy)`,
    });
  });

  it('after no answer, or half of one, within the time', async () => {
    const silent = await startServer(() => {});
    const halting = await startServer((_, response) => void response.writeHead(200).write('{"status":'));
    for (const { url } of [silent, halting]) {
      await expect(target(url, { timeout: '200ms' }).deploy(deployStep, never)).rejects.toMatchObject({
        code: 'RegionUnreachable', message: expect.stringContaining('no complete answer within 200ms'),
      });
    }
  });

  it('after a connection that is closed, in the middle of an answer too', async () => {
    const rude = await startServer((_, response) => response.destroy());
    const cut = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"status":"done"}');
      setImmediate(() => response.destroy());
    });
    for (const { url } of [rude, cut]) {
      await expect(target(url).deploy(deployStep, never)).rejects.toMatchObject({ code: 'RegionUnreachable', retryable: true });
    }
  });

  it('after an answer without an end', async () => {
    const server = await startServer((_, response) => pour(response, 50, '{"status":"done"}'));
    await expect(target(server.url).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', message: expect.stringContaining('longer than 256 KB'),
    });
  });

  it('after an answer that is not HTTP', async () => {
    const { url } = await startServer((_, response) => void response.socket!.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(target(url).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', message: expect.stringContaining('not HTTP'),
    });
  });

  it('unless the caller gave up', async () => {
    const silent = await startServer(() => {});
    await expect(target(silent.url).deploy(deployStep, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});

describe('a step is final', () => {
  it.each([
    ['deploy', 'DeployFailed', false], ['verify', 'VerifyFailed', false], ['undo', 'UndoFailed', true],
  ] as const)('when %s is said to have failed, with what was said', async (verb, code, retryable) => {
    const server = await answering({ status: 'failed', message: 'no image' });
    const asked = verb === 'undo' ? target(server.url).undo(undoStep, never) : target(server.url)[verb](deployStep, never);
    await expect(asked).rejects.toMatchObject({
      code, retryable, message: `sydney: webhook 127.0.0.1:${server.port} says that ${verb} failed: no image`,
    });
  });

  it.each([400, 401, 403, 404, 409, 410, 422])('after an answer %i, with the beginning of its body', async (status) => {
    const server = await answering('x'.repeat(5_000), status);
    await expect(target(server.url).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'DeployFailed', retryable: false, message: `sydney: webhook 127.0.0.1:${server.port} answered ${status}: ${'x'.repeat(500)}…`,
    });
  });

  it.each(['', 'ok', '[]', '{}', '{"status":"finished"}', '{"status":"running","retryAfter":-1}', '{"status":"done","release":{"version":"../../x"}}'])(
    'after an answer that makes no sense: %j', async (reply) => {
      const server = await answering(reply);
      await expect(target(server.url).deploy(deployStep, never)).rejects.toMatchObject({ code: 'DeployFailed', message: expect.stringContaining('gave an answer that') });
    });

  it('when it is said to be done with another release', async () => {
    const server = await answering({ status: 'done', release: '1.0.0' });
    await expect(target(server.url).verify(deployStep, never)).rejects.toMatchObject({
      code: 'VerifyFailed', message: expect.stringContaining('with 1.0.0 where 1.1.0 should run'),
    });
  });

  it.each([301, 302, 303, 307, 308])('after a redirect %i, which is not followed', async (status) => {
    const inside = await answering({ status: 'done' });
    const server = await startServer((_, response) => response.writeHead(status, { location: inside.url }).end());
    await expect(target(server.url).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'TargetMisconfigured', message: expect.stringContaining('Redirects are not followed'),
    });
    expect(inside.received).toHaveLength(0);
  });
});

describe('messages', () => {
  it('hold neither secrets, nor control characters, nor the path of the URL', async () => {
    const server = await answering({ status: 'failed', message: 'token geheim-0815\u001b[31m\n\nrefused' });
    await expect(target(`${server.url}/services/T000/geheim`).deploy(deployStep, never)).rejects.toMatchObject({
      message: `sydney: webhook 127.0.0.1:${server.port} says that deploy failed: token *** [31m refused`,
    });
  });
});

describe('the address that is connected to', () => {
  const stranger = (url: string, allow: string[]): RegionTarget =>
    webhookTarget({ allow, allowLoopback: false })(WebhookTarget.parse({ type: 'webhook', url }));

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]', '127.0.0.1.', 'localhost.'])(
    'is checked, also when it is spelled %s', async (host) => {
      const server = await answering({ status: 'done' });
      // `localhost` is a name that the rules allow: what it leads to still is not.
      const asked = stranger(`http://${host}:${server.port}/`, ['localhost', 'hooks.example.com']).deploy(deployStep, never);
      await expect(asked).rejects.toMatchObject({ code: 'TargetMisconfigured', retryable: false, message: expect.stringContaining('MERIDIAN_WEBHOOK_ALLOW') });
      expect(server.received).toHaveLength(0);
    });

  it('is the one that was checked, when the name leads elsewhere the second time', async () => {
    const server = await answering({ status: 'done' });
    const answers = ['127.0.0.1', '169.254.169.254'];
    const rebinding = webhookTarget({ allow: ['127.0.0.1'], allowLoopback: false, resolve: async () => [{ address: answers.shift()!, family: 4 }] });
    const region = rebinding(WebhookTarget.parse({ type: 'webhook', url: `http://rebinding.test:${server.port}/` }));
    expect(await region.deploy(deployStep, never)).toEqual({ status: 'done' });
    await expect(region.deploy(deployStep, never)).rejects.toMatchObject({ code: 'TargetMisconfigured' });
  });
});
