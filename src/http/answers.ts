import { z } from 'zod';
import { Board, BoardCell } from '../rollout/schema/board.js';
import { EnvironmentName, PipelineName, RolloutId } from '../rollout/schema/names.js';
import { Owner, PipelineDocument } from '../rollout/schema/pipeline.js';
import { Release } from '../rollout/schema/release.js';
import { RolloutSummary } from '../rollout/schema/rollout.js';

const Time = z.iso.datetime();
const links = z.object({
  self: z.string(),
  temporal: z.string().nullable().describe('The workflow in the Temporal UI; null when its address is not known'),
});

/** A page of a list. `next` is the cursor of the page after; absent on the last one. */
const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.string().optional() });

export const Applied = z.object({
  name: PipelineName,
  revision: z.number().int(),
  created: z.boolean(),
  changed: z.boolean().describe('False when the document was already the current one: the revision stays'),
  warnings: z.array(z.string()),
  links,
});
export type Applied = z.infer<typeof Applied>;

/** A pipeline in a list: what Temporal's visibility knows, readable while no worker is up. */
export const PipelineSummary = z.object({
  name: PipelineName,
  owner: Owner,
  revision: z.number().int(),
  environments: z.array(EnvironmentName),
  updatedAt: Time,
  board: z.array(BoardCell),
  links,
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;

export const Pipeline = z.object({
  name: PipelineName,
  revision: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
  updatedBy: z.string(),
  document: PipelineDocument,
  board: z.array(BoardCell),
  releases: z
    .array(z.object({
      release: Release,
      firstSeenAt: Time,
      verified: z.record(z.string(), Time).describe('`<environment>/<region>` → when the release passed its soak there'),
    }))
    .describe('Known releases, newest last'),
  locks: z.record(z.string(), RolloutId).describe('Environment → the rollout that holds it'),
  queue: z.array(RolloutId).describe('Rollouts that wait for their environments, first in line first'),
  links,
});
export type Pipeline = z.infer<typeof Pipeline>;

export const PipelinePage = pageOf(PipelineSummary);
export type PipelinePage = z.infer<typeof PipelinePage>;
export const RolloutPage = pageOf(RolloutSummary);
export type RolloutPage = z.infer<typeof RolloutPage>;
export const BoardPage = pageOf(Board);
export type BoardPage = z.infer<typeof BoardPage>;

export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

export const Readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.array(z.object({
    name: z.enum(['temporal', 'worker']),
    ok: z.boolean(),
    detail: z.string().describe('What was found, and what to do when it is not there'),
  })),
});
export type Readiness = z.infer<typeof Readiness>;
