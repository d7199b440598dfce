import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { asProblem, HttpProblem, problemKind, type Problem } from './problems.js';
import { contextOf } from './request-context.js';

/** Answers every error as a problem document (RFC 9457). What went wrong inside stays in the log. */
export const answerProblems = (logger: Logger): ErrorRequestHandler => (error: unknown, request, response, next) => {
  const problem = asProblem(error);
  log(logger, problem, response);
  // The answer has begun: all that is left is to cut it off, so that nobody takes a half for the whole.
  if (response.headersSent) return next(error);
  const { status } = problemKind(problem.code);
  response.status(status).set(problem.extras.headers ?? {}).type('application/problem+json');
  response.send(JSON.stringify(documentOf(problem, request.path, response)));
};

export const nothingHere: RequestHandler = (request) => {
  throw new HttpProblem('RouteNotFound', `There is nothing at ${request.path.slice(0, 200)}. The API is described at /docs.`);
};

/** For an address that is in the table (written as `route`), with the methods that it takes. */
export const onlyMethods = (route: string, methods: string[]): RequestHandler => {
  const allow = [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].toSorted().join(', ');
  return (request, response) => {
    contextOf(response).route = route;
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS') {
      throw new HttpProblem('MethodNotAllowed', `${request.method} means nothing here; the address takes ${allow}.`);
    }
    response.status(204).end();
  };
};

function documentOf({ code, message, extras }: HttpProblem, path: string, response: Response): Problem {
  const { status, title } = problemKind(code);
  return {
    type: `urn:meridian:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    instance: path.slice(0, 500),
    requestId: contextOf(response).id,
    ...(extras.errors && { errors: extras.errors }),
    ...(extras.rollout !== undefined && { rollout: extras.rollout }),
  };
}

function log(logger: Logger, { code, message, cause }: HttpProblem, response: Response): void {
  const { id: requestId, route } = contextOf(response);
  const { status } = problemKind(code);
  if (code === 'Internal') logger.error({ requestId, route, err: cause }, 'a request failed for a reason of ours');
  else if (status >= 500) logger.warn({ requestId, route, code, cause: cause instanceof Error ? cause.message : undefined }, message);
}
