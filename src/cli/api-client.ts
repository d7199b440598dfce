import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Board } from '../rollout/schema/board.js';
import type { DecisionKind, DecisionRequest } from '../rollout/schema/decision.js';
import { Plan } from '../rollout/schema/plan.js';
import type { Release } from '../rollout/schema/release.js';
import { Rollout, RolloutSummary } from '../rollout/schema/rollout.js';
import { NotUnderstood } from './api-errors.js';
import { baseOf, send, type ApiAddress, type ApiAnswer } from './request.js';

/** What applying a pipeline document came to. */
export const Applied = z.object({
  name: z.string(),
  revision: z.number().int(),
  changed: z.boolean(),
  warnings: z.array(z.string()),
});
export type Applied = z.infer<typeof Applied>;

const RolloutPage = z.object({ items: z.array(RolloutSummary) });
const BoardPage = z.object({ items: z.array(Board), next: z.string().optional() });

export interface ShipRequest {
  pipeline: string;
  release: Release;
  /** The last environment to ship to; the whole lifecycle when absent. */
  to?: string | undefined;
}

/** The HTTP API, one function for each thing that a command asks of it. All throw ApiProblem, ApiUnreachable or NotUnderstood. */
export interface ApiClient {
  readonly url: string;
  applyPipeline(name: string, yaml: string): Promise<Applied>;
  plan(request: ShipRequest): Promise<Plan>;
  /** The same key again, within a day, is the same rollout; a new one at each call when absent. */
  startRollout(request: ShipRequest, idempotencyKey?: string): Promise<Rollout>;
  rollout(id: string): Promise<Rollout>;
  /** Those under way, then those that ended last. */
  rollouts(filter: { pipeline?: string | undefined; limit: number }): Promise<RolloutSummary[]>;
  decide(id: string, kind: DecisionKind, request: DecisionRequest): Promise<Rollout>;
  board(pipeline?: string): Promise<Board[]>;
}

export function createApiClient(address: ApiAddress): ApiClient {
  const read = <T>(shape: z.ZodType<T>, path: string, query: Record<string, string | number | undefined> = {}): Promise<T> =>
    send(address, { method: 'GET', path, query }).then((answer) => understand(shape, answer, address));

  // People open the links from anywhere: here they get the address that the API does not know it is reached by.
  const ours = Rollout.transform((rollout) => ({ ...rollout, links: { ...rollout.links, self: absolute(rollout.links.self, address) } }));

  const write = <T>(shape: z.ZodType<T>, path: string, value: unknown, idempotencyKey: string = randomUUID()): Promise<T> =>
    send(address, { method: 'POST', path, body: json(value), idempotencyKey })
      .then((answer) => understand(shape, answer, address));

  return {
    url: address.url,
    applyPipeline: (name, text) =>
      send(address, { method: 'PUT', path: `/v1/pipelines/${part(name)}`, body: { type: 'application/yaml', text }, idempotencyKey: randomUUID() })
        .then((answer) => understand(Applied, answer, address)),
    plan: (request) => write(Plan, '/v1/plans', request),
    startRollout: (request, key) => write(ours, '/v1/rollouts', request, key),
    rollout: (id) => read(ours, `/v1/rollouts/${part(id)}`),
    rollouts: ({ pipeline, limit }) => read(RolloutPage, '/v1/rollouts', { pipeline, limit }).then(({ items }) => items),
    decide: (id, kind, request) => write(ours, `/v1/rollouts/${part(id)}/${kind}`, request),
    async board(pipeline) {
      const boards: Board[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await read(BoardPage, '/v1/board', { pipeline, limit: 100, cursor });
        boards.push(...page.items);
        if (page.next === undefined) return boards;
        cursor = page.next;
      }
    },
  };
}

const part = encodeURIComponent;

const absolute = (link: string, { url }: ApiAddress): string => (link.startsWith('/') ? `${baseOf(url)}${link}` : link);

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
