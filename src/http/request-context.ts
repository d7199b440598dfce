import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { HttpMetrics } from './http-metrics.js';
import { nobody, type Actor } from './roles.js';

/** What is known of a request beside what was sent. */
export interface RequestContext {
  id: string;
  /** The route as it is written in the table; `unmatched` for an address that is not in it. */
  route: string;
  /** Who sent it; nobody until that is known, and on routes that do not ask. */
  actor: Actor;
}

export const contextOf = (response: Response): RequestContext => response.locals.context as RequestContext;

const givenId = /^[A-Za-z0-9._:-]{1,100}$/;

/** Gives each request an id and, when it is over, one line in the log and one count in the metrics. Neither bodies nor tokens are logged. */
export const observeRequests = (logger: Logger, metrics: HttpMetrics): RequestHandler => (request, response, next) => {
  const began = performance.now();
  const sent = request.get('x-request-id') ?? '';
  const context: RequestContext = { id: givenId.test(sent) ? sent : randomUUID(), route: 'unmatched', actor: nobody };
  response.locals.context = context;
  response.setHeader('X-Request-Id', context.id);
  response.once('close', () => {
    const ms = performance.now() - began;
    metrics.count({ method: knownMethod(request), route: context.route, status: response.statusCode, seconds: ms / 1_000 });
    logger.info({
      requestId: context.id,
      method: request.method,
      route: context.route,
      status: response.statusCode,
      ms: Math.round(ms),
      ...(context.actor !== nobody && { actor: context.actor.name }),
      ...(!response.writableFinished && { isCutOff: true }),
    }, 'request');
  });
  next();
};

/** Senders choose the method: those that nobody serves share one series. */
const knownMethod = ({ method }: Request): string => (['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other');
