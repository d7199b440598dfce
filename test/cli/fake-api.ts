import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the fake does with a request: answer, or break the connection without an answer. */
export type Reply = { status: number; body: unknown; type?: string } | 'break';

export const ok = (body: unknown): Reply => ({ status: 200, body });

export const problem = (status: number, body: object): Reply => ({ status, body: { type: 'about:blank', status, ...body }, type: 'application/problem+json' });

export interface FakeApi {
  url: string;
  port: number;
  received: ReceivedRequest[];
  close(): Promise<void>;
}

/** An HTTP server on this machine that remembers what it was asked and answers as the test says. */
export async function startFakeApi(reply: (request: ReceivedRequest, count: number) => Reply, port = 0): Promise<FakeApi> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const answer = reply(received.at(-1)!, received.length);
      if (answer === 'break') return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' });
      return response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => { server.close(() => resolve()); });
  };
  onTestFinished(close);
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${bound}`, port: bound, received, close };
}
