import { describe, expect, it } from 'vitest';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { variableProblems } from '../../src/rollout/variable-problems.js';
import { shop as shopWith } from './sample-document.js';

const shop = (variables: unknown[]): PipelineDocument => shopWith({ variables });

describe('variables of a document', () => {
  it('are right when each scope has one value and each scope exists', () => {
    expect(variableProblems(shop([{ name: 'A', values: [{ value: 1 }, { value: 2, region: 'sydney' }] }]))).toEqual([]);
  });

  it('may not tie, be declared twice, or name a region or environment that does not exist', () => {
    const problems = variableProblems(shop([
      { name: 'A', values: [{ value: 1 }, { value: 2 }, { value: 3, region: 'sidney' }] },
      { name: 'A', values: [{ value: 4, environment: 'prod' }] },
    ]));
    expect(problems).toEqual([
      { path: 'variables[0].values', message: expect.stringContaining('A has more than one value for every place (the default)') },
      { path: 'variables[0].values[2].region', message: expect.stringContaining('the region sidney, which the pipeline does not have (virginia, sydney, frankfurt). Did you mean sydney?') },
      { path: 'variables[1].name', message: expect.stringContaining('A is declared more than once') },
      { path: 'variables[1].values[0].environment', message: expect.stringContaining('the environment prod, which the pipeline does not have (staging, production)') },
    ]);
  });
});
