import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { IdentifyActor } from './actors.js';
import { docsPage } from './docs-page.js';
import { answerProblems, nothingHere, onlyMethods } from './error-handler.js';
import { httpMetrics } from './http-metrics.js';
import { onlyLoopbackHosts } from './loopback.js';
import { openApiDocument } from './openapi.js';
import { contextOf, observeRequests } from './request-context.js';
import { blockRoutes } from './routes/blocks.js';
import { boardRoutes } from './routes/board.js';
import { contractRoutes } from './routes/contracts.js';
import { decisionRoutes } from './routes/decisions.js';
import { drainRoutes } from './routes/drains.js';
import { freezeRoutes } from './routes/freezes.js';
import { migrationRoutes } from './routes/migrations.js';
import { operationRoutes } from './routes/operations.js';
import { pipelineRoutes } from './routes/pipelines.js';
import { placeRoutes } from './routes/places.js';
import { planRoutes } from './routes/plans.js';
import { releaseRoutes } from './routes/releases.js';
import { rolloutRoutes } from './routes/rollouts.js';
import { scheduleRoutes } from './routes/schedules.js';
import type { Services } from './routes/services.js';
import type { Route } from './route.js';
import { dataOnly } from './security-headers.js';
import { serveRoutes } from './serve-routes.js';

export interface AppParts extends Services {
  identify: IdentifyActor;
  /** Without tokens: requests that name another host than this machine are refused. */
  isLocalOnly: boolean;
  logger: Logger;
  /** Of Meridian. */
  version: string;
}

/** The HTTP API as an express app, from the parts that it is given; it keeps no state but its measurements. */
export function createApp(parts: AppParts): Express {
  const { logger, isLocalOnly, identify, version } = parts;
  const metrics = httpMetrics();
  const routes: Route[] = [
    ...pipelineRoutes(parts), ...placeRoutes(parts), ...drainRoutes(parts), ...releaseRoutes(parts), ...migrationRoutes(parts), ...planRoutes(parts),
    ...rolloutRoutes(parts), ...contractRoutes(parts), ...decisionRoutes(parts), ...boardRoutes(parts), ...freezeRoutes(parts), ...blockRoutes(parts),
    ...scheduleRoutes(parts), ...operationRoutes(parts, metrics),
  ];
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(observeRequests(logger, metrics), dataOnly);
  if (isLocalOnly) app.use(onlyLoopbackHosts);
  serveRoutes(app, routes, identify);
  servePages(app, openApiDocument(routes, version));
  app.use(nothingHere);
  app.use(answerProblems(logger));
  return app;
}

function servePages(app: Express, openApi: unknown): void {
  app.get('/openapi.json', (_request, response) => {
    contextOf(response).route = '/openapi.json';
    response.json(openApi);
  });
  app.use('/docs', docsPage());
  app.get('/', (_request, response) => {
    contextOf(response).route = '/';
    response.redirect('/docs');
  });
  for (const page of ['/openapi.json', '/']) app.all(page, onlyMethods(page, ['GET']));
}
