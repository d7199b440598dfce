import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { AskGatekeeper } from '../../activities/ports/gatekeeper.js';
import { webhookGate } from '../../src/adapters/webhook-gate.js';
import { WebhookGate } from '../../src/rollout/schema/gate.js';
import { closedPort, pour, startServer, type Received, type TestServer } from './http-server.js';

const never = new AbortController().signal;
const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;

const work = {
  pipeline: 'shop', environment: 'production', wave: 2, region: 'sydney', tenant: 'acme', rollout: 'shop-12',
  release: { version: '1.1.0', config: { BANNER: 'hello' } }, plan: 'a'.repeat(64),
};

const ask = webhookGate({ allow: [], allowLoopback: true });

const gate = (url: string, settings: Partial<WebhookGate> = {}): WebhookGate => WebhookGate.parse({ name: 'change-board', type: 'webhook', url, ...settings });

const look = (url: string, settings: Partial<WebhookGate> = {}, secrets: Record<string, string> = {}): ReturnType<AskGatekeeper> =>
  ask(gate(url, settings), work, secrets, never);

const answering = (reply: unknown, status = 200): Promise<TestServer> => startServer((_, response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof reply === 'string' ? reply : JSON.stringify(reply));
});

const bodyOf = (received: Received | undefined): unknown => JSON.parse(received!.body);

describe('a webhook that keeps a gate', () => {
  it('is told what waits at the gate', async () => {
    const server = await answering({ status: 'open' });
    await look(`${server.url}/gates?a=b`);
    expect(server.received).toMatchObject([{ method: 'POST', path: '/gates?a=b', headers: { 'content-type': 'application/json' } }]);
    expect(bodyOf(server.received[0])).toEqual({ action: 'gate', gate: 'change-board', ...work });
  });

  it.each([
    ['open', true, ''], ['closed', false, ''], ['open', true, 'CHG0012 is approved'], ['closed', false, 'CHG0012 waits for ben'],
  ])('opens it or not, and may say why: %s %s %j', async (status, isOpen, message) => {
    const server = await answering({ status, ...(message !== '' && { message }), extra: 1 });
    const why = message === '' ? '' : `: ${message}`;
    expect(await look(server.url)).toEqual({ isOpen, saw: `webhook 127.0.0.1:${server.port} says that change-board is ${status}${why}` });
  });

  it('is signed by Standard Webhooks when a secret is set', async () => {
    const server = await answering({ status: 'open' });
    await look(server.url, { secret: 'GATE_SECRET' }, { GATE_SECRET: secret });
    const [{ body, headers }] = server.received as [Received];
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ gate: 'change-board' });
    expect(body).not.toContain(secret);
  });
});

describe('only a clear yes opens', () => {
  it.each(['', 'open', 'true', '[]', '{}', '"open"', '{"status":"OPEN"}', '{"status":"opened"}', '{"status":true}', '{"isOpen":true}', '{"status":"open"', '\u0000'])(
    'not an answer that makes no sense: %j', async (reply) => {
      const server = await answering(reply);
      expect(await look(server.url)).toMatchObject({ isOpen: false, saw: expect.stringContaining('says neither open nor closed') });
    });

  it.each([400, 401, 404, 409, 429, 500, 503])('not an answer %i, whatever its body says', async (status) => {
    const server = await answering({ status: 'open' }, status);
    expect(await look(server.url)).toEqual({ isOpen: false, saw: `webhook 127.0.0.1:${server.port} answered ${status}: {"status":"open"}` });
  });

  it.each([301, 302, 303, 307, 308])('not a redirect %i, which is not followed', async (status) => {
    const elsewhere = await answering({ status: 'open' });
    const server = await startServer((_, response) => response.writeHead(status, { location: elsewhere.url }).end());
    expect(await look(server.url)).toMatchObject({ isOpen: false, saw: expect.stringContaining('redirects are not followed') });
    expect(elsewhere.received).toHaveLength(0);
  });

  it('not silence: a refused connection, one that is cut, an answer without end, something that is not HTTP', async () => {
    const cut = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"status":"open"}');
      setImmediate(() => response.destroy());
    });
    const endless = await startServer((_, response) => pour(response, 5, '{"status":"open"}'));
    const stranger = await startServer((_, response) => void response.socket!.end('SSH-2.0-OpenSSH_9.2\r\n'));
    for (const url of [`http://127.0.0.1:${await closedPort()}`, cut.url, endless.url, stranger.url]) {
      expect(await look(url)).toMatchObject({ isOpen: false, saw: expect.stringContaining('cannot be reached') });
    }
  });

  it('not what cannot be asked: an address that is not allowed, a URL that is none, a secret without a value or that is no key', async () => {
    const server = await answering({ status: 'open' });
    const guarded = webhookGate({ allow: ['hooks.example.com'], allowLoopback: false });
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
      expect(await guarded(gate(`http://${host}:${server.port}/`), work, {}, never)).toMatchObject({
        isOpen: false, saw: expect.stringContaining('MERIDIAN_WEBHOOK_ALLOW'),
      });
    }
    expect(await look('not a url')).toMatchObject({ isOpen: false, saw: expect.stringContaining('is not a URL') });
    expect(await look(server.url, { secret: 'GATE_SECRET' })).toMatchObject({ isOpen: false, saw: expect.stringContaining('GATE_SECRET') });
    const badKey = await look(server.url, { secret: 'GATE_SECRET' }, { GATE_SECRET: 'whsec_***geheim***' });
    expect(badKey).toMatchObject({ isOpen: false, saw: expect.stringContaining('no signing secret') });
    expect(inspect(badKey)).not.toContain('geheim');
    expect(server.received).toHaveLength(0);
  });
});

it('what it says is one short line without secrets and without the path of the URL', async () => {
  const server = await answering({ status: 'closed', message: `token geheim-0815\u001b[31m\n\nrefused ${'x'.repeat(1_000)}` });
  const { saw } = await look(`${server.url}/services/T000/geheim`, {}, { TOKEN: 'geheim-0815' });
  expect(saw).toContain('says that change-board is closed: token *** [31m refused xxx');
  expect(saw.length).toBeLessThan(400);
  expect(saw).not.toMatch(/geheim|\p{Cc}/u);
});

it('gives up when its caller does', async () => {
  const silent = await startServer(() => {});
  await expect(ask(gate(silent.url), work, {}, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
});
