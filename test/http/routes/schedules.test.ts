import { describe, expect, it } from 'vitest';
import { SchedulePage } from '../../../src/http/answers.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { Schedule } from '../../../src/rollout/schema/schedule.js';
import { schedule } from '../fake-workflows.js';
import { openApp } from '../open-app.js';

const request = { pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * mon-fri', timezone: 'Australia/Sydney', to: 'production', reason: 'Every night.' };

describe('a schedule', () => {
  it('is set in the name of who sends it, with its defaults: 201 the first time, 200 when it was there', async () => {
    const { http, workflows } = openApp();
    const send = () => http.put('/v1/schedules/nightly').set('Meridian-User', 'ana').send(request);
    expect(Schedule.parse((await send().expect(201)).body)).toEqual(schedule);
    expect(workflows.told('setSchedule')[0]).toEqual(['nightly', { ...request, rehearse: false, paused: false }, 'ana']);
    workflows.answer('setSchedule', () => ({ schedule, created: false }));
    await send().expect(200);
  });

  it('with many mistakes is told all of them, each with its place, and nothing is stored', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/schedules/nightly').send({ ...request, release: {}, cron: '0 25 * *', timezone: 'Mars/Base', reason: '' });
    expect([answer.status, answer.body]).toMatchObject([422, {
      errors: ['/release/version', '/cron', '/timezone', '/reason'].map((pointer) => ({ in: 'body', pointer })),
    }]);
    expect(workflows.calls).toEqual([]);
  });

  it('that names environments which its pipeline does not have is refused: every time of it would come to nothing', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/schedules/nightly').send({ ...request, release: { verifiedIn: 'stagin' }, to: 'live' });
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [
      { pointer: '/to', detail: 'allowed: staging, production; got "live".' },
      { pointer: '/release/verifiedIn', detail: 'allowed: staging, production; got "stagin". Did you mean staging?' },
    ] }]);
    expect(workflows.told('setSchedule')).toEqual([]);
  });

  it('of a pipeline that is not there is 404', async () => {
    const { http, workflows } = openApp();
    workflows.fail('pipelineMemo', new MeridianFailure('PipelineNotFound', 'There is no pipeline shop.'));
    expect((await http.put('/v1/schedules/nightly').send(request).expect(404)).body).toMatchObject({ code: 'PipelineNotFound' });
    expect(workflows.told('setSchedule')).toEqual([]);
  });

  it('is read with its next times and what became of the last', async () => {
    const { http, workflows } = openApp();
    expect(Schedule.parse((await http.get('/v1/schedules/nightly').expect(200)).body)).toEqual(schedule);
    expect(SchedulePage.parse((await http.get('/v1/schedules?limit=3').expect(200)).body)).toEqual({ items: [schedule] });
    expect(workflows.told('schedules')).toEqual([[{ limit: 3 }]]);
  });

  it('is removed with 204 and no body; one that is not there is 404', async () => {
    const { http, workflows } = openApp();
    const answer = await http.delete('/v1/schedules/nightly');
    expect([answer.status, answer.text]).toEqual([204, '']);
    workflows.fail('removeSchedule', new MeridianFailure('ScheduleNotFound', 'There is no schedule nightly.'));
    expect((await http.delete('/v1/schedules/nightly').expect(404)).body).toMatchObject({ code: 'ScheduleNotFound' });
  });
});
