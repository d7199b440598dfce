import { MeridianFailure } from '../../rollout/failure.js';
import { Freeze, FreezeRequest } from '../../rollout/schema/freeze.js';
import { FreezePage, Held, Lifted } from '../answers.js';
import { sameRequest } from '../idempotency.js';
import { paged } from '../paged.js';
import { FreezeParams, LiftQuery, PageQuery } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import { scopeWarnings } from '../scope-warnings.js';
import type { Services } from './services.js';

const path = '/v1/freezes/{name}';
const tag = 'Freezes';

export const freezeRoutes = (services: Services): Route[] => [hold(services), list(services), get(services), lift(services)];

const hold = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'put',
    path,
    operationId: 'holdFreeze',
    summary: 'Freeze: nothing new starts in its scope, and what soaks is only watched. The scope `all` stops everything',
    tag,
    permission: 'decide',
    params: FreezeParams,
    body: { schema: FreezeRequest, format: 'json' },
    answers: {
      200: { description: 'The owner holds the freeze as it was sent now, beside whoever holds it, too', schema: Held },
      201: { description: 'The freeze is new', schema: Held },
    },
    problems: [],
    async handle({ params: { name }, body: request, actor, key }) {
      const { freeze, created } = sameRequest(
        await workflows.freeze({ name, request, by: actor.name, fingerprint: key.fingerprint }, key.updateId), key,
      );
      const warnings = await scopeWarnings(request.scope, workflows);
      return { status: created ? 201 : 200, body: { ...freeze, warnings } satisfies Held };
    },
  });

const list = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/freezes',
    operationId: 'listFreezes',
    summary: 'List the freezes, with everybody who holds them',
    tag,
    permission: 'known',
    query: PageQuery,
    answers: { 200: { description: 'A page of freezes, by name; readable while no worker is up', schema: FreezePage } },
    problems: [],
    handle: async ({ query }) => ({ status: 200, body: paged((await workflows.calendar()).freezes, query) satisfies FreezePage }),
  });

const get = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path,
    operationId: 'getFreeze',
    summary: 'Get a freeze',
    tag,
    permission: 'known',
    params: FreezeParams,
    answers: { 200: { description: 'The freeze; readable while no worker is up', schema: Freeze } },
    problems: ['FreezeNotFound'],
    async handle({ params: { name } }) {
      const freeze = (await workflows.calendar()).freezes.find((each) => each.name === name);
      if (!freeze) throw new MeridianFailure('FreezeNotFound', `Nobody holds a freeze ${name}.`);
      return { status: 200, body: freeze };
    },
  });

const lift = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'delete',
    path,
    operationId: 'liftFreeze',
    summary: 'Lift one hold on a freeze; it lasts while anybody else holds it',
    tag,
    permission: 'decide',
    params: FreezeParams,
    query: LiftQuery,
    answers: { 200: { description: 'The hold is lifted; the freeze as it still stands', schema: Lifted } },
    problems: ['FreezeNotFound'],
    async handle({ params: { name }, query, actor, key }) {
      const message = { name, owner: query.owner ?? actor.name, by: actor.name, fingerprint: key.fingerprint };
      const { freeze } = sameRequest(await workflows.lift(message, key.updateId), key);
      return { status: 200, body: { freeze } satisfies Lifted };
    },
  });
