import { describe, expect, it } from 'vitest';
import { BoardPage } from '../../../src/http/answers.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { board } from '../fake-workflows.js';
import { openApp } from '../open-app.js';

describe('the board', () => {
  it('shows every pipeline', async () => {
    const answer = await openApp().http.get('/v1/board').expect(200);
    expect(BoardPage.parse(answer.body)).toEqual({ items: [{ pipeline: 'shop', cells: board }], next: 'more' });
  });

  it('shows one pipeline, or says that there is no such pipeline', async () => {
    const { http, workflows } = openApp();
    expect((await http.get('/v1/board?pipeline=shop').expect(200)).body).toEqual({ items: [{ pipeline: 'shop', cells: board }] });
    workflows.fail('pipelineMemo', new MeridianFailure('PipelineNotFound', 'none'));
    await http.get('/v1/board?pipeline=web').expect(404);
  });
});
