import { Migrations } from '../answers.js';
import { PipelineParams } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

export const migrationRoutes = ({ workflows }: Services): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/pipelines/{name}/migrations',
    operationId: 'listMigrations',
    summary: 'List the migrations: how far each is in which region, and what is missing to its end',
    tag: 'Pipelines',
    permission: 'known',
    params: PipelineParams,
    answers: { 200: { description: 'Every migration that releases have brought, in the order in which they came', schema: Migrations } },
    problems: ['PipelineNotFound'],
    async handle({ params: { name } }) {
      const { migrations, debt } = await workflows.pipeline(name);
      const owed = new Map(debt.map((each) => [each.migration, each]));
      const items = migrations.map((migration) => ({ ...migration, ...(owed.has(migration.name) && { debt: owed.get(migration.name)! }) }));
      return { status: 200, body: { items } satisfies Migrations };
    },
  }),
];
