import { Schedule, ScheduleRequest } from '../../rollout/schema/schedule.js';
import { SchedulePage } from '../answers.js';
import { invalidRequest } from '../problems.js';
import { PageQuery, ScheduleParams } from '../requests.js';
import { defineRoute, nothing, type Route } from '../route.js';
import type { Services } from './services.js';
import { scheduleErrors } from '../schedule-errors.js';

const path = '/v1/schedules/{name}';
const tag = 'Schedules';

export const scheduleRoutes = (services: Services): Route[] => [set(services), list(services), get(services), remove(services)];

const set = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'put',
    path,
    operationId: 'setSchedule',
    summary: 'Ship again and again, at these times',
    tag,
    permission: 'deploy',
    params: ScheduleParams,
    body: { schema: ScheduleRequest, format: 'json' },
    answers: {
      200: { description: 'The schedule is as it was sent now', schema: Schedule },
      201: { description: 'The schedule is new', schema: Schedule },
    },
    problems: ['PipelineNotFound'],
    async handle({ params: { name }, body: request, actor }) {
      const { pipeline } = await workflows.pipelineMemo(request.pipeline);
      const errors = scheduleErrors(request, pipeline.environments);
      if (errors.length > 0) throw invalidRequest(errors);
      const { schedule, created } = await workflows.setSchedule(name, request, actor.name);
      return { status: created ? 201 : 200, body: schedule satisfies Schedule };
    },
  });

const list = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/schedules',
    operationId: 'listSchedules',
    summary: 'List the schedules, with their next times and what became of the last',
    tag,
    permission: 'known',
    query: PageQuery,
    answers: { 200: { description: 'A page of schedules; readable while no worker is up, and a moment behind', schema: SchedulePage } },
    problems: [],
    handle: async ({ query }) => ({ status: 200, body: (await workflows.schedules(query)) satisfies SchedulePage }),
  });

const get = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path,
    operationId: 'getSchedule',
    summary: 'Get a schedule',
    tag,
    permission: 'known',
    params: ScheduleParams,
    answers: { 200: { description: 'The schedule; readable while no worker is up', schema: Schedule } },
    problems: ['ScheduleNotFound'],
    handle: async ({ params: { name } }) => ({ status: 200, body: (await workflows.schedule(name)) satisfies Schedule }),
  });

const remove = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'delete',
    path,
    operationId: 'removeSchedule',
    summary: 'Remove a schedule; what it has started goes on',
    tag,
    permission: 'deploy',
    params: ScheduleParams,
    answers: { 204: nothing('The schedule is removed') },
    problems: ['ScheduleNotFound'],
    async handle({ params: { name } }) {
      await workflows.removeSchedule(name);
      return { status: 204 };
    },
  });
