import { z } from 'zod';
import { PositiveDuration } from './duration.js';
import { CheckName, VariableName } from './names.js';
import { Template } from './target.js';

const margin = z
  .number().gt(1).max(100).optional()
  .describe('Smallest effect that matters, as a factor: 1.5 for a ratio, 1.1 for a value or a histogram when absent');

/** Bad of total, as counters: is the share of bad growing against the controls, and is it within the objective? */
export const RatioCheck = z.strictObject({
  name: CheckName,
  kind: z.literal('ratio'),
  bad: Template.describe('Counter of what went wrong'),
  total: Template.describe('Counter of everything'),
  objective: z.number().gt(0).lt(1).describe('Share that must be good, for example 0.999'),
  margin,
});
export type RatioCheck = z.infer<typeof RatioCheck>;

/** A gauge, or a quantile, against the controls; `max` and `min` are hard limits besides. */
export const ValueCheck = z.strictObject({
  name: CheckName,
  kind: z.literal('value'),
  query: Template,
  max: z.number().optional().describe('Hard limit: beyond it the check fails, whatever the controls do'),
  min: z.number().optional().describe('Hard limit: below it the check fails, whatever the controls do'),
  worse: z.enum(['higher', 'lower']).optional().describe('Which way is worse; `higher` unless only a `min` is given'),
  margin,
});
export type ValueCheck = z.infer<typeof ValueCheck>;

/** A whole distribution, from cumulative buckets, against that of the controls. */
export const HistogramCheck = z.strictObject({
  name: CheckName,
  kind: z.literal('histogram'),
  buckets: Template.describe('Counters of cumulative buckets with the label `le`: `http_request_duration_seconds_bucket`'),
  margin,
});
export type HistogramCheck = z.infer<typeof HistogramCheck>;

export const Check = z.discriminatedUnion('kind', [RatioCheck, ValueCheck, HistogramCheck]);
export type Check = z.infer<typeof Check>;

/** Prometheus, asked over its HTTP API. */
export const PrometheusMetrics = z.strictObject({
  type: z.literal('prometheus'),
  url: Template,
  bearerToken: VariableName.optional().describe('Name of the secret variable that holds a bearer token'),
  timeout: PositiveDuration.default('10s'),
});
export type PrometheusMetrics = z.infer<typeof PrometheusMetrics>;

/** The targets' own `/metrics`, read directly. Queries are series selectors: `http_requests_total{status=~"5.."}`. */
export const ScrapeMetrics = z.strictObject({
  type: z.literal('scrape'),
  url: Template,
  timeout: PositiveDuration.default('5s'),
});
export type ScrapeMetrics = z.infer<typeof ScrapeMetrics>;

/** A service of the user's that is asked for samples: for whatever is neither of the two above. */
export const WebhookMetrics = z.strictObject({
  type: z.literal('webhook'),
  url: Template,
  secret: VariableName.optional().describe('Name of the secret variable that signs the requests (Standard Webhooks)'),
  timeout: PositiveDuration.default('10s'),
});
export type WebhookMetrics = z.infer<typeof WebhookMetrics>;

export const Metrics = z.discriminatedUnion('type', [PrometheusMetrics, ScrapeMetrics, WebhookMetrics]);
export type Metrics = z.infer<typeof Metrics>;
