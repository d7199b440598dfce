import type { Readable } from 'node:stream';
import { errors, request, type Dispatcher } from 'undici';
import { formatDuration } from '../rollout/duration.js';
import { plainRequest, type Agents } from './plain-request.js';

/** Who connects: Node's own agents, or a dispatcher that decides itself which addresses may be connected to. */
type Carrier = { agents: Agents } | { dispatcher: Dispatcher };

export type BoundedRequest = Carrier & {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** From the first byte sent to the last byte read. */
  timeoutMs: number;
  /** A longer answer is given up at once: nobody fills this process's memory. */
  maxBytes: number;
  signal: AbortSignal;
};

export interface BoundedReply {
  status: number;
  /** Media type in lower case, without parameters; empty when the answer names none. */
  contentType: string;
  text: string;
}

/** No usable answer came. The message says why in words, without the URL: it may hold a secret. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
}

/**
 * One HTTP request with a bound on everything. Redirects are not followed. Throws `RequestFailed` when no complete answer in UTF-8
 * came, and the signal's own reason when it was aborted.
 */
export async function boundedRequest(url: URL, options: BoundedRequest): Promise<BoundedReply> {
  const { timeoutMs, maxBytes, signal, ...rest } = options;
  signal.throwIfAborted();
  const deadline = startDeadline(timeoutMs, signal);
  try {
    const { status, contentType, body } = await ask(url, { ...rest, signal: deadline.signal });
    return { status, contentType: mediaType(contentType), text: await readText(body, maxBytes) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof RequestFailed) throw cause;
    const why = deadline.signal.aborted ? `no complete answer within ${formatDuration(timeoutMs)}` : explain(cause);
    throw new RequestFailed(why, { cause });
  } finally {
    deadline.end();
  }
}

type Asked = Carrier & Pick<BoundedRequest, 'method' | 'headers' | 'body' | 'signal'>;

/**
 * The answer, its body still to be read. One connection for one question: a kept-alive one that the other side has just closed would look like a failure,
 * and one that outlives a deploy would still be answered by the old process.
 */
async function ask(url: URL, asked: Asked): Promise<{ status: number; contentType: string | string[] | undefined; body: Readable }> {
  if ('agents' in asked) {
    const answer = await plainRequest(url, asked);
    return { status: answer.statusCode!, contentType: answer.headers['content-type'], body: answer };
  }
  // The deadline is the one bound on time.
  const { statusCode, headers, body } = await request(url, { ...asked, reset: true, headersTimeout: 0, bodyTimeout: 0 });
  return { status: statusCode, contentType: headers['content-type'], body };
}

/** Aborts with `signal`, or after so long. Ended by hand: `AbortSignal.timeout` would fire, error and all, long after thousands of quick answers. */
function startDeadline(timeoutMs: number, signal: AbortSignal): { signal: AbortSignal; end(): void } {
  const deadline = new AbortController();
  const abort = (): void => deadline.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal.addEventListener('abort', abort);
  return {
    signal: deadline.signal,
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

const mediaType = (header: string | string[] | undefined): string => String(header ?? '').split(';')[0]!.trim().toLowerCase();

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const bytes = await readBytes(body, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RequestFailed('the answer is not text in UTF-8', { cause });
  }
}

/** By events: a look at a soak reads some of these, and a loop over a stream takes half as long again. */
const readBytes = (body: Readable, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      // Destroys the connection too.
      if (length > maxBytes) body.destroy(new RequestFailed(`the answer is longer than ${formatBytes(maxBytes)}`));
    });
    // What broke together with its head has told of it already, and to nobody.
    const ended = (): void => reject(body.errored ?? new RequestFailed(reasons.ECONNRESET));
    if (body.destroyed) ended();
    body.once('error', reject).once('end', () => resolve(Buffer.concat(chunks))).once('close', ended);
  });

const formatBytes = (bytes: number): string =>
  bytes >= 1_048_576 ? `${Math.round(bytes / 1_048_576)} MB` : `${Math.round(bytes / 1_024)} KB`;

const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before the answer was complete',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  EPIPE: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut off',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too large',
};

function explain(error: unknown): string {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (Object.hasOwn(reasons, code)) return reasons[code]!;
  if (code.startsWith('HPE_') || error instanceof errors.HTTPParserError) return 'the answer is not HTTP';
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(code)) return `TLS failed (${code})`;
  return message;
}
