import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig, type Config } from '../../src/config.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { freePorts } from '../support/free-ports.js';
import { tokensOf } from './open-app.js';

/** Nobody listens where this looks for Temporal. */
async function configWith(changes: Partial<Config> = {}): Promise<Config> {
  const [temporal] = await freePorts(1);
  return { ...loadConfig({ MERIDIAN_TEMPORAL_PORT: String(temporal) }), port: 0, logLevel: 'silent', ...changes };
}

async function start(config: Config): Promise<RunningServer> {
  const server = await startServer(config, { logger: pino({ level: 'silent' }) });
  onTestFinished(() => server.close());
  return server;
}

/** What the server answers to these very bytes, before it closes the connection. */
async function exchange(url: string, bytes: string): Promise<{ status: number; contentType: string; body: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end(bytes);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), contentType: /content-type: (.*)/i.exec(head)?.[1] ?? '', body };
}

describe('the server', () => {
  it('listens on loopback without tokens, and frees its port when it closes', async () => {
    const [port] = await freePorts(1);
    const config = await configWith({ port: port! });
    const first = await startServer(config, { logger: pino({ level: 'silent' }) });
    expect(first.url).toBe(`http://127.0.0.1:${port}`);
    await expect(fetch(`${first.url}/healthz`).then((answer) => answer.json())).resolves.toEqual({ status: 'ok' });
    await first.close();
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
    await start(config);
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', 'meridian.example'])('refuses to start on %s without tokens', async (host) => {
    await expect(startServer(await configWith({ host }))).rejects.toThrow(`MERIDIAN_HOST is ${host}, which others can reach, and MERIDIAN_TOKENS is not set`);
  });

  it('starts on every address with tokens, and asks for one', async () => {
    const server = await start(await configWith({ host: '0.0.0.0', tokens: tokensOf({ ana: ['viewer'] }) }));
    const { port } = new URL(server.url);
    expect((await fetch(`http://127.0.0.1:${port}/v1/pipelines`)).status).toBe(401);
  });

  it('refuses tokens that are not right, before it listens', async () => {
    await expect(startServer(await configWith({ tokens: '[]' }))).rejects.toThrow('MERIDIAN_TOKENS is not right');
  });

  it('says which port is in use and how to take another', async () => {
    const first = await start(await configWith());
    const port = Number(new URL(first.url).port);
    await expect(startServer(await configWith({ port }))).rejects.toThrow(`Something else listens on 127.0.0.1:${port} already. Stop it, or set MERIDIAN_PORT`);
  });

  it('says that an address is not of this machine', async () => {
    const config = await configWith({ host: '203.0.113.7', tokens: tokensOf({ ana: ['viewer'] }) });
    await expect(startServer(config)).rejects.toThrow('203.0.113.7 is not an address of this machine');
  });

  it('runs without Temporal, says so on /readyz, and answers everything else with 503 and when to ask again', async () => {
    const { url } = await start(await configWith());
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      503, { status: 'not-ready', checks: [{ name: 'temporal', ok: false, detail: expect.stringContaining('cannot be reached') as string }, { name: 'worker', ok: false }] },
    ]);
    for (const address of ['/v1/pipelines', '/v1/pipelines/shop', '/v1/rollouts', '/v1/rollouts/shop-1', '/v1/board']) {
      const answer = await fetch(`${url}${address}`);
      expect([address, answer.status, answer.headers.get('retry-after'), await answer.json()]).toMatchObject([address, 503, '2', { code: 'TemporalUnavailable' }]);
    }
    const write = await fetch(`${url}/v1/rollouts/shop-1/pause`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    expect([write.status, await write.json()]).toMatchObject([503, { code: 'TemporalUnavailable' }]);
  });

  it.each([
    ['no HTTP at all', 400, 'hello?\r\n\r\n'],
    ['two lengths', 400, 'POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'],
    ['a length and chunks', 400, 'POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'],
    ['headers without end', 431, `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['no host', 400, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('answers %s with %i and stays up', async (_, status, bytes) => {
    const { url } = await start(await configWith());
    const answer = await exchange(url, bytes);
    expect(answer.status).toBe(status);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('answers what is too broken for express as a problem, too', async () => {
    const { url } = await start(await configWith());
    const answer = await exchange(url, 'hello?\r\n\r\n');
    expect(answer.contentType).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'MalformedRequest' });
  });
});
