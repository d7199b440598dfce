import type { Express, RequestHandler } from 'express';
import type { IdentifyActor } from './actors.js';
import { readBytes } from './body.js';
import { onlyMethods } from './error-handler.js';
import { contextOf } from './request-context.js';
import { assertMay } from './roles.js';
import type { Route } from './route.js';

/** Serves the table of routes: who sends it and whether they may comes before anything that they sent is read. */
export function serveRoutes(app: Express, routes: Route[], identify: IdentifyActor): void {
  for (const route of routes) app[route.method](expressPath(route.path), ...handlersOf(route, identify));
  for (const [path, methods] of methodsByPath(routes)) app.all(expressPath(path), onlyMethods(path, methods));
}

/** `/v1/pipelines/{name}` as express writes it. */
const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

function handlersOf(route: Route, identify: IdentifyActor): RequestHandler[] {
  const admit: RequestHandler = (request, response, next) => {
    const context = contextOf(response);
    context.route = route.path;
    if (route.permission !== 'anyone') context.actor = identify(request);
    assertMay(context.actor, route.permission);
    next();
  };
  const answer: RequestHandler = async (request, response) => {
    const { status, body, headers } = await route.serve(request, contextOf(response).actor);
    response.status(status).set({ 'Cache-Control': 'no-store', ...headers });
    if (body === undefined) response.end();
    else if (typeof body === 'string') response.send(body);
    else response.json(body);
  };
  return route.body ? [admit, readBytes, answer] : [admit, answer];
}

function methodsByPath(routes: Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  return methods;
}
