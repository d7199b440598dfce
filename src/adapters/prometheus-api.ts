import { z } from 'zod';
import { boundedRequest, RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt, type Secrets } from './excerpt.js';
import type { Silence } from './metric-samples.js';
import type { Agents } from './plain-request.js';

export interface PrometheusServer {
  url: string;
  bearerToken: string | undefined;
  /** What no reason shows. */
  secrets: Secrets;
  timeoutMs: number;
  agents: Agents;
}

/** One request to the HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Request<T> {
  /** Queries may be long, and are posted; what is asked about names is a GET. */
  method: 'GET' | 'POST';
  /** Below the server's URL: `api/v1/query`. */
  path: string;
  parameters: [name: string, value: string][];
  /** What `data` must look like. */
  data: z.ZodType<T>;
  maxBytes: number;
}

export type Reply<T> = { kind: 'data'; data: T } | Silence;

const Envelope = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), warnings: z.array(z.string()).optional(), data: z.unknown() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

type Success = Extract<z.infer<typeof Envelope>, { status: 'success' }>;

/** Sends one request. Never throws but for the signal's reason. */
export async function askPrometheus<T>(server: PrometheusServer, request: Request<T>, signal: AbortSignal): Promise<Reply<T>> {
  if (!URL.canParse(server.url)) return { kind: 'error', reason: 'the URL of Prometheus is not a URL: write http://host:9090', lasting: true };
  const { bearerToken, secrets, timeoutMs, agents } = server;
  const { url, body } = addressOf(server.url, request);
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
  };
  const { method, maxBytes } = request;
  try {
    const reply = await boundedRequest(url, { method, headers, ...(body === undefined ? {} : { body }), timeoutMs, maxBytes, agents, signal });
    return read(reply, request, { host: url.host, secrets });
  } catch (failure) {
    if (failure instanceof RequestFailed) return { kind: 'error', reason: `${url.host} cannot be asked: ${failure.message}` };
    throw failure;
  }
}

function addressOf(base: string, { method, path, parameters }: Request<unknown>): { url: URL; body: string | undefined } {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  const text = new URLSearchParams(parameters).toString();
  if (method === 'POST') return { url, body: text };
  url.search = text;
  return { url, body: undefined };
}

function read<T>({ status, contentType, text }: BoundedReply, request: Request<T>, { host, secrets }: { host: string; secrets: Secrets }): Reply<T> {
  const error = (said: string): Silence => ({ kind: 'error', reason: `${host} answered ${said}`, lasting: isLasting(status) });
  const envelope = Envelope.safeParse(parseJson(text));
  if (envelope.success && envelope.data.status === 'error') {
    return error(`${status}, ${excerpt(`${envelope.data.errorType}: ${envelope.data.error}`, secrets, 200)}`);
  }
  if (status !== 200) return error(String(status));
  const notUnderstood = error(`${contentType || 'something'} that is not of the Prometheus HTTP API`);
  return envelope.success ? contentOf(envelope.data as Success, request.data, secrets) ?? notUnderstood : notUnderstood;
}

/** 4xx is about what was asked, and a server of another kind stays one; 5xx, and too many requests, pass. */
const isLasting = (status: number): boolean => status < 500 && status !== 429 && status !== 408;

function contentOf<T>({ warnings = [], data }: Success, shape: z.ZodType<T>, secrets: Secrets): Reply<T> | undefined {
  // A warning means that a part is missing: nobody knows which part.
  if (warnings.length > 0) return { kind: 'no-data', reason: `the answer is partial, with the warning ${JSON.stringify(excerpt(warnings[0]!, secrets, 200))}` };
  const content = shape.safeParse(data);
  return content.success ? { kind: 'data', data: content.data } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // What is not JSON is refused by the schema, with the same words as any other answer that makes no sense.
  }
}
