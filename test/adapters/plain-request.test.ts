import { expect, it } from 'vitest';
import { boundedRequest } from '../../src/adapters/bounded-request.js';
import { agentsOf } from '../../src/adapters/plain-request.js';
import { startServer } from './http-server.js';
import { never } from './metric-faults.js';

const options = { method: 'GET', headers: {}, timeoutMs: 30_000, maxBytes: 1_000, signal: never } as const;

it('a connection carries one question, also where others wait for it', async () => {
  const ports = new Set<number | undefined>();
  let [open, most] = [0, 0];
  const server = await startServer((_, response) => {
    most = Math.max(most, (open += 1));
    ports.add(response.socket!.remotePort);
    // Says that it would keep the connection, whatever it was asked for.
    setTimeout(() => response.writeHead(200, { connection: 'keep-alive' }).end('ok', () => (open -= 1)), 5);
  });
  const agents = agentsOf(2);
  const replies = await Promise.all(Array.from({ length: 6 }, () => boundedRequest(new URL(server.url), { ...options, agents })));
  expect(replies.map(({ text }) => text)).toEqual(Array(6).fill('ok'));
  expect(ports.size).toBe(6);
  expect(most).toBeLessThanOrEqual(2);
  expect(server.received.map(({ headers }) => headers.connection)).toEqual(Array(6).fill('close'));
});

it('a question that waits for a connection ends with its deadline', async () => {
  const server = await startServer(() => {});
  const agents = agentsOf(1);
  const asked = Array.from({ length: 2 }, () => boundedRequest(new URL(server.url), { ...options, timeoutMs: 300, agents }));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map((outcome) => 'reason' in outcome && String(outcome.reason))).toEqual(Array(2).fill('RequestFailed: no complete answer within 300ms'));
});

it('an answer that breaks in its middle is not HTTP', async () => {
  const server = await startServer((_, response) => void response.socket!.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\nnonsense\r\n'));
  await expect(boundedRequest(new URL(server.url), { ...options, agents: agentsOf() })).rejects.toThrow('the answer is not HTTP');
});

it('a user name in the URL is not sent', async () => {
  const server = await startServer((_, response) => response.end('ok'));
  const url = new URL(`${server.url}/metrics?of=shop`);
  url.username = 'somebody';
  await boundedRequest(url, { ...options, agents: agentsOf() });
  expect(server.received).toMatchObject([{ path: '/metrics?of=shop' }]);
  expect(server.received[0]!.headers).not.toHaveProperty('authorization');
});
