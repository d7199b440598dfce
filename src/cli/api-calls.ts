import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { NotUnderstood } from './api-errors.js';
import { send, type ApiAddress, type ApiAnswer, type ApiRequest } from './request.js';

type Query = Record<string, string | number | undefined>;

/** Requests whose answers have a known shape. All throw ApiProblem, ApiUnreachable or NotUnderstood. */
export interface ApiCalls {
  get<T>(shape: z.ZodType<T>, path: string, query?: Query): Promise<T>;
  /** An answer that is no JSON, as it is. */
  text(path: string, accept: string, query?: Query): Promise<string>;
  /** The same key again, within a day, is the same request; a new one at each call when absent. */
  post<T>(shape: z.ZodType<T>, path: string, value: unknown, idempotencyKey?: string): Promise<T>;
  put<T>(shape: z.ZodType<T>, path: string, value: unknown): Promise<T>;
  putYaml<T>(shape: z.ZodType<T>, path: string, text: string): Promise<T>;
  remove<T>(shape: z.ZodType<T>, path: string, query?: Query): Promise<T>;
  /** Every item of a list, however many pages it has. */
  all<T>(item: z.ZodType<T>, path: string, query?: Query): Promise<T[]>;
}

/** Of one page. */
const mostItems = 100;

export function createApiCalls(address: ApiAddress): ApiCalls {
  const ask = <T>(shape: z.ZodType<T>, request: ApiRequest): Promise<T> => send(address, request).then((answer) => understand(shape, answer, address));
  const write = <T>(shape: z.ZodType<T>, request: Omit<ApiRequest, 'idempotencyKey'>, idempotencyKey: string = randomUUID()): Promise<T> =>
    ask(shape, { ...request, idempotencyKey });
  return {
    get: (shape, path, query = {}) => ask(shape, { method: 'GET', path, query }),
    text: (path, accept, query = {}) => ask(z.string(), { method: 'GET', path, query, accept }),
    post: (shape, path, value, key) => write(shape, { method: 'POST', path, body: json(value) }, key),
    put: (shape, path, value) => write(shape, { method: 'PUT', path, body: json(value) }),
    putYaml: (shape, path, text) => write(shape, { method: 'PUT', path, body: { type: 'application/yaml', text } }),
    remove: (shape, path, query = {}) => write(shape, { method: 'DELETE', path, query }),
    async all<T>(item: z.ZodType<T>, path: string, query: Query = {}): Promise<T[]> {
      const page = z.object({ items: z.array(item), next: z.string().optional() });
      const items: T[] = [];
      for (let cursor: string | undefined; ;) {
        const { items: more, next } = await ask(page, { method: 'GET', path, query: { ...query, limit: mostItems, cursor } });
        items.push(...more);
        if (next === undefined) return items;
        cursor = next;
      }
    },
  };
}

const json = (value: unknown) => ({ type: 'application/json' as const, text: JSON.stringify(value) });

function understand<T>(shape: z.ZodType<T>, answer: ApiAnswer, { url }: ApiAddress): T {
  const parsed = shape.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NotUnderstood(
    `${url} answered something that this version of meridian does not know (${issue?.path.join('.') || 'the answer'}: ${issue?.message}). `
      + 'Use the same version of the command and of the API.',
  );
}
