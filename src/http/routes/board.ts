import { BoardPage } from '../answers.js';
import { BoardQuery } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { PipelineMemo } from '../temporal/workflows.js';
import type { Services } from './services.js';

export const boardRoutes = ({ workflows }: Services): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/board',
    operationId: 'getBoard',
    summary: 'Which release is in which region of which environment, now',
    tag: 'Board',
    permission: 'known',
    query: BoardQuery,
    answers: { 200: { description: 'One board for each pipeline; readable while no worker is up', schema: BoardPage } },
    problems: ['PipelineNotFound'],
    async handle({ query: { pipeline, ...paging } }) {
      const { items, ...page } =
        pipeline === undefined ? await workflows.pipelines(paging) : { items: [await workflows.pipelineMemo(pipeline)] };
      return { status: 200, body: { items: items.map(boardOf), ...page } satisfies BoardPage };
    },
  }),
];

const boardOf = ({ pipeline, board, debt }: PipelineMemo) => ({ pipeline: pipeline.name, cells: board, ...(debt && { debt }) });
