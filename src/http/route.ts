import type { Request } from 'express';
import type { z } from 'zod';
import { parseBody, type BodyFormat } from './body.js';
import { writeKeyOf, type WriteKey } from './idempotency.js';
import { invalidRequest, type ProblemCode, type RequestError } from './problems.js';
import type { Actor, Permission } from './roles.js';
import { check, locate, type Checked } from './validation.js';

/** What a route answers when all goes well, for the OpenAPI document. */
export interface DocumentedAnswer {
  description: string;
  /** A text when absent. */
  schema?: z.ZodType;
  /** `application/json` when absent; null for an answer without a body. */
  contentType?: string | null;
  headers?: Record<string, { description: string; schema: { type: 'string' } }>;
}

/** An answer without a body. */
export const nothing = (description: string): DocumentedAnswer => ({ description, contentType: null });

export interface Answer {
  status: number;
  /** Absent where the status says everything (204). */
  body?: unknown;
  headers?: Record<string, string>;
}

interface RouteBody<Schema extends z.ZodType> {
  schema: Schema;
  format: BodyFormat;
  /** In place of the schema alone, where a value has rules beyond it. */
  check?: (value: unknown) => Checked<z.infer<Schema>>;
}

/** A route without its types: what express serves and what the OpenAPI document describes. */
export interface Route {
  method: 'get' | 'put' | 'post' | 'delete';
  /** With names in braces: `/v1/pipelines/{name}`. */
  path: string;
  operationId: string;
  summary: string;
  tag: string;
  permission: Permission;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: Omit<RouteBody<z.ZodType>, 'check'>;
  answers: Record<number, DocumentedAnswer>;
  /** What this route refuses for reasons of its own; what every route refuses is added in openapi.ts. */
  problems: ProblemCode[];
  serve(request: Request, actor: Actor): Promise<Answer>;
}

interface Input<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType> {
  params: z.infer<Params>;
  query: z.infer<Query>;
  body: z.infer<Body>;
  actor: Actor;
  /** Makes a write happen once; made anew for each request that has no key of its own. */
  key: WriteKey;
}

interface TypedRoute<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>
  extends Omit<Route, 'params' | 'query' | 'body' | 'serve'> {
  params?: Params;
  query?: Query;
  body?: RouteBody<Body>;
  handle: (this: void, input: Input<Params, Query, Body>) => Promise<Answer>;
}

/** One route: its handler sees only what its schemas have let through. */
export function defineRoute<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  { handle, ...route }: TypedRoute<Params, Query, Body>,
): Route {
  return {
    ...route,
    serve(request, actor) {
      const params = route.params ? check(route.params, request.params) : none;
      const query = route.query ? check(route.query, { ...request.query }) : none;
      const body = route.body ? bodyOf(request, route.body) : none;
      const errors = [...errorsOf(params, 'path'), ...errorsOf(query, 'query'), ...errorsOf(body, 'body')];
      if (!params.ok || !query.ok || !body.ok) throw invalidRequest(errors);
      return handle({
        params: params.value as z.infer<Params>,
        query: query.value as z.infer<Query>,
        body: body.value as z.infer<Body>,
        actor,
        key: writeKeyOf(request, actor),
      });
    },
  };
}

/** Nothing is asked for, and nothing can be wrong. */
const none: Checked<object | undefined> = { ok: true, value: {} };

const errorsOf = (checked: Checked<unknown>, place: RequestError['in']): RequestError[] => (checked.ok ? [] : locate(checked.errors, place));

function bodyOf<Schema extends z.ZodType>(request: Request, { schema, format, check: checkBody }: RouteBody<Schema>): Checked<z.infer<Schema>> {
  const value = parseBody(request, format);
  return checkBody ? checkBody(value) : check(schema, value);
}
