import { z } from 'zod';
import { PositiveDuration } from './duration.js';
import { CheckName, VariableName } from './names.js';
import { Template } from './target.js';

/** Bad of total, as counters. Fails when the share of bad is above 1 − objective. */
export const RatioCheck = z.strictObject({
  name: CheckName,
  kind: z.literal('ratio'),
  bad: Template.describe('Counter of what went wrong'),
  total: Template.describe('Counter of everything'),
  objective: z.number().gt(0).lt(1).describe('Share that must be good, for example 0.999'),
});
export type RatioCheck = z.infer<typeof RatioCheck>;

/** A gauge with a hard limit. */
export const ValueCheck = z
  .strictObject({
    name: CheckName,
    kind: z.literal('value'),
    query: Template,
    max: z.number().optional(),
    min: z.number().optional(),
  })
  .refine((check) => check.max !== undefined || check.min !== undefined, 'give a max, a min or both');
export type ValueCheck = z.infer<typeof ValueCheck>;

export const Check = z.discriminatedUnion('kind', [RatioCheck, ValueCheck]);
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

export const Metrics = z.discriminatedUnion('type', [PrometheusMetrics, ScrapeMetrics]);
export type Metrics = z.infer<typeof Metrics>;
