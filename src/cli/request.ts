import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, ApiUnreachable, NotUnderstood, Problem } from './api-errors.js';

export interface ApiAddress {
  url: string;
  user: string;
  /** Bearer token, from MERIDIAN_TOKEN. */
  token: string | undefined;
  /** Waits before each further attempt of a write. */
  retryDelaysMs?: readonly number[];
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; names in it are encoded. */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: { type: 'application/json' | 'application/yaml'; text: string };
  /** Of a write: the same for every attempt, so that the API carries it out once. */
  idempotencyKey?: string;
  /** The media type of an answer that is no JSON, taken as the text that it is. */
  accept?: string;
}

export interface ApiAnswer {
  status: number;
  /** Null when there is nothing to say (204); the text itself where the request asks for something else than JSON. */
  json: unknown;
}

const requestTimeoutMs = 30_000;
const usualRetryDelaysMs = [200, 800, 2_000];

/**
 * Sends a request until it is answered. A write whose answer is lost, or that is answered 503, is sent again under the same
 * key. Where nobody listens it fails at once, unless an attempt before may have arrived: then the API is restarting.
 * Throws ApiProblem, ApiUnreachable or NotUnderstood.
 */
export async function send(address: ApiAddress, request: ApiRequest): Promise<ApiAnswer> {
  let mayHaveArrived = false;
  for (const delayMs of request.idempotencyKey === undefined ? [] : (address.retryDelaysMs ?? usualRetryDelaysMs)) {
    try {
      return await sendOnce(address, request);
    } catch (error) {
      if (!isWorthRepeating(error, mayHaveArrived)) throw error;
      mayHaveArrived = true;
      await sleep(delayMs);
    }
  }
  return sendOnce(address, request);
}

const isWorthRepeating = (error: unknown, mayHaveArrived: boolean): boolean =>
  error instanceof ApiUnreachable ? mayHaveArrived || !error.isRefused : error instanceof ApiProblem && error.status === 503;

async function sendOnce(address: ApiAddress, request: ApiRequest): Promise<ApiAnswer> {
  const { status, type, text } = await exchange(address, request);
  if (status === 200 && request.accept !== undefined && type.startsWith(request.accept)) return { status, json: text };
  const json = status === 204 ? null : parseJson(text);
  if (status >= 200 && status < 300 && json !== undefined) return { status, json };
  const problem = Problem.safeParse(json);
  if (status >= 400 && problem.success) throw new ApiProblem(status, problem.data);
  throw new NotUnderstood(`${address.url} answered ${status} with something that is not Meridian's. Is another program listening there?`);
}

async function exchange(address: ApiAddress, request: ApiRequest): Promise<{ status: number; type: string; text: string }> {
  try {
    const response = await fetch(urlOf(address, request), {
      method: request.method,
      headers: headersOf(address, request),
      body: request.body?.text ?? null,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  } catch (error) {
    throw unreachable(address.url, error);
  }
}

/** The address of an API, with the path that a proxy may have put before it, and without a slash at its end. */
export const baseOf = (url: string): string => url.replace(/\/+$/, '');

function urlOf(address: ApiAddress, { path, query = {} }: ApiRequest): URL {
  const url = new URL(`${baseOf(address.url)}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function headersOf({ user, token }: ApiAddress, { body, idempotencyKey, accept = 'application/json' }: ApiRequest): Record<string, string> {
  return {
    accept: `${accept}, application/problem+json`,
    'meridian-user': encodeURIComponent(user),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': body.type } : {}),
    ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
  };
}

function unreachable(url: string, cause: unknown): ApiUnreachable {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = reason instanceof Error && 'code' in reason ? reason.code : undefined;
  const text = reason instanceof Error ? reason.message || String(code) : String(reason);
  return new ApiUnreachable(url, text, { isRefused: code === 'ECONNREFUSED', cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer too: the caller says which address sent it.
    return undefined;
  }
}
