import http from 'node:http';
import https from 'node:https';

/** Who connects, by the protocol of the URL. */
export type Agents = Record<'http:' | 'https:', http.Agent>;

/** At most `limit` connections to one host at a time; who comes after waits. */
export const agentsOf = (limit = Number.POSITIVE_INFINITY): Agents => ({ 'http:': new http.Agent({ maxSockets: limit }), 'https:': new https.Agent({ maxSockets: limit }) });

interface PlainRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  agents: Agents;
  signal: AbortSignal;
}

/**
 * The head of an answer, its body still to be read, by Node's own client: it takes half the time of the other one, and a watch asks thousands of these a
 * minute. What breaks later breaks the body.
 */
export const plainRequest = (url: URL, { method, headers, body, agents, signal }: PlainRequest): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    // Not the URL itself: a user name in it would be sent.
    const { protocol, hostname, port, pathname, search } = url;
    const agent = agents[protocol === 'https:' ? 'https:' : 'http:'];
    const request = http.request({ protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, path: `${pathname}${search}`, method, headers, agent });
    // An agent with a limit would hand the connection on to who waits.
    request.shouldKeepAlive = false;
    let answer: http.IncomingMessage | undefined;
    request.once('response', (response) => resolve(answer = response));
    request.on('error', (error) => {
      reject(error);
      answer?.destroy(error);
    });
    signal.addEventListener('abort', () => request.destroy(), { once: true });
    request.end(body);
  });
