import { describe, expect, it } from 'vitest';
import { PlanAnswer } from '../../../src/rollout/schema/plan.js';
import { openApp } from '../open-app.js';

describe('plans', () => {
  it('leaves out the phases that the release has passed, and changes nothing', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' } }).expect(200);
    expect(PlanAnswer.parse(answer.body)).toMatchObject({ pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: ['staging'] });
    expect(workflows.calls.map(({ name }) => name)).toEqual(['pipeline']);
  });

  it('plans the whole walk of a release that is not known, up to an environment', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '9.9.9' }, to: 'staging' }).expect(200);
    expect(PlanAnswer.parse(answer.body).phases.map(({ environment }) => environment)).toEqual(['staging']);
  });

  it('refuses an environment that the lifecycle does not have', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' }, to: 'live' });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining('staging, production') as string }]);
  });
});
