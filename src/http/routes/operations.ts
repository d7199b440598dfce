import { Health, Readiness } from '../answers.js';
import type { HttpMetrics } from '../http-metrics.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

const tag = 'Operations';

export const operationRoutes = (services: Services, metrics: HttpMetrics): Route[] => [health(), readiness(services), metricsRoute(metrics)];

const health = (): Route =>
  defineRoute({
    method: 'get',
    path: '/healthz',
    operationId: 'health',
    summary: 'Does this process answer?',
    tag,
    permission: 'anyone',
    answers: { 200: { description: 'It does', schema: Health } },
    problems: [],
    handle: async () => ({ status: 200, body: { status: 'ok' } satisfies Health }),
  });

const readiness = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/readyz',
    operationId: 'readiness',
    summary: 'Is everything there that a rollout needs?',
    tag,
    permission: 'anyone',
    answers: {
      200: { description: 'Temporal answers and a worker polls', schema: Readiness },
      503: { description: 'Something is missing; the checks say what', schema: Readiness },
    },
    problems: [],
    async handle() {
      const { temporal, worker } = await workflows.readiness();
      const isReady = temporal.ok && worker.ok;
      const body: Readiness = {
        status: isReady ? 'ready' : 'not-ready',
        checks: [{ name: 'temporal', ...temporal }, { name: 'worker', ...worker }],
      };
      return { status: isReady ? 200 : 503, body };
    },
  });

const metricsRoute = (metrics: HttpMetrics): Route =>
  defineRoute({
    method: 'get',
    path: '/metrics',
    operationId: 'metrics',
    summary: 'Measurements of this process, for Prometheus',
    tag,
    permission: 'anyone',
    answers: { 200: { description: 'Prometheus text exposition', contentType: 'text/plain' } },
    problems: [],
    handle: async () => ({ status: 200, body: await metrics.text(), headers: { 'Content-Type': metrics.contentType } }),
  });
