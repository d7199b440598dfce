import { MeridianFailure } from '../../rollout/failure.js';
import { Block, BlockRequest } from '../../rollout/schema/block.js';
import { BlockPage } from '../answers.js';
import { sameRequest } from '../idempotency.js';
import { paged } from '../paged.js';
import { BlockParams, PageQuery } from '../requests.js';
import { defineRoute, nothing, type Route } from '../route.js';
import type { Services } from './services.js';

const path = '/v1/blocks/{name}';
const tag = 'Blocks';

export const blockRoutes = (services: Services): Route[] => [set(services), list(services), get(services), lift(services)];

const set = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'put',
    path,
    operationId: 'blockRelease',
    summary: 'Block a release by its version or digest: nobody ships it, and rollouts that ship it are held',
    tag,
    permission: 'decide',
    params: BlockParams,
    body: { schema: BlockRequest, format: 'json' },
    answers: {
      200: { description: 'The block is as it was sent now', schema: Block },
      201: { description: 'The block is new', schema: Block },
    },
    problems: [],
    async handle({ params: { name }, body: request, actor, key }) {
      const { block, created } = sameRequest(
        await workflows.block({ name, request, by: actor.name, fingerprint: key.fingerprint }, key.updateId), key,
      );
      return { status: created ? 201 : 200, body: block satisfies Block };
    },
  });

const list = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/blocks',
    operationId: 'listBlocks',
    summary: 'List the blocks, each with its reason',
    tag,
    permission: 'known',
    query: PageQuery,
    answers: { 200: { description: 'A page of blocks, by name; readable while no worker is up', schema: BlockPage } },
    problems: [],
    handle: async ({ query }) => ({ status: 200, body: paged((await workflows.calendar()).blocks, query) satisfies BlockPage }),
  });

const get = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path,
    operationId: 'getBlock',
    summary: 'Get a block',
    tag,
    permission: 'known',
    params: BlockParams,
    answers: { 200: { description: 'The block; readable while no worker is up', schema: Block } },
    problems: ['BlockNotFound'],
    async handle({ params: { name } }) {
      const block = (await workflows.calendar()).blocks.find((each) => each.name === name);
      if (!block) throw new MeridianFailure('BlockNotFound', `There is no block ${name}.`);
      return { status: 200, body: block };
    },
  });

const lift = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'delete',
    path,
    operationId: 'unblockRelease',
    summary: 'Lift a block',
    tag,
    permission: 'decide',
    params: BlockParams,
    answers: { 204: nothing('The block is lifted') },
    problems: ['BlockNotFound'],
    async handle({ params: { name }, actor, key }) {
      sameRequest(await workflows.unblock({ name, by: actor.name, fingerprint: key.fingerprint }, key.updateId), key);
      return { status: 204 };
    },
  });
