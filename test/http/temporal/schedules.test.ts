import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SchedulePage } from '../../../src/http/answers.js';
import { Schedule, type ScheduleRequest } from '../../../src/rollout/schema/schedule.js';
import { temporalWorkflows } from '../../../src/http/temporal/temporal-workflows.js';
import { temporalAddress } from '../../support/temporal.js';
import type { Scene } from '../../support/stage.js';
import { waitFor } from '../../support/wait-for.js';
import { openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
let scene: Scene;
beforeAll(async () => {
  api = await openApi(temporalAddress());
  scene = api.stage.scene();
  await api.apply(scene);
});
afterAll(() => api.close());

/** The body of a schedule that comes at two in the night in Sydney. */
const nightly = (changes: Record<string, unknown> = {}) => ({
  pipeline: scene.name, release: { version: '1.1.0' }, cron: '0 2 * * *', timezone: 'Australia/Sydney', to: 'staging', reason: 'Every night.', ...changes,
});

/** Sets a schedule with a name of its own, and removes it after the test. */
async function set(suffix: string, changes: Record<string, unknown> = {}, status = 201): Promise<string> {
  const name = `${scene.name}-${suffix}`;
  await api.http.put(`/v1/schedules/${name}`).set('Meridian-User', 'ana').send(nightly(changes)).expect(status);
  if (status === 201) onTestFinished(async () => { await api.http.delete(`/v1/schedules/${name}`); });
  return name;
}

const read = async (name: string): Promise<Schedule> => Schedule.parse((await api.http.get(`/v1/schedules/${name}`).expect(200)).body);

describe('a schedule', () => {
  it('is kept by Temporal, and read back as it was written, with its next times by the clock there', async () => {
    const name = await set('kept', { rehearse: true });
    const schedule = await read(name);
    expect(schedule).toMatchObject({ ...nightly(), name, rehearse: true, paused: false, by: 'ana', recent: [] });
    const inSydney = schedule.next.map((time) => new Date(time).toLocaleTimeString('en-GB', { timeZone: 'Australia/Sydney', timeStyle: 'short' }));
    expect(inSydney).toEqual(['02:00', '02:00', '02:00', '02:00', '02:00']);
  });

  it('that is set again is another one under its name; a paused one has no times', async () => {
    const name = await set('again');
    await set('again', { cron: '30 4 * * mon', timezone: 'UTC', to: undefined, release: { verifiedIn: 'staging' }, paused: true }, 200);
    const schedule = await read(name);
    expect(schedule).toMatchObject({ cron: '30 4 * * mon', timezone: 'UTC', release: { verifiedIn: 'staging' }, paused: true, next: [] });
    expect(schedule).not.toHaveProperty('to');
  });

  it('stands in the list, page by page, and is in it no more when it is removed', async () => {
    const names = [await set('one'), await set('two'), await set('three')];
    const listed = () => pages().then((all) => all.flat().filter((name) => names.includes(name)).toSorted());
    await waitFor('the list to know them', async () => (await listed()).length === 3);
    expect((await pages()).every((page) => page.length <= 2)).toBe(true);
    await api.http.delete(`/v1/schedules/${names[0]}`).expect(204);
    await api.http.get(`/v1/schedules/${names[0]}`).expect(404);
    await api.http.delete(`/v1/schedules/${names[0]}`).expect(404);
    await waitFor('the list to forget it', async () => (await listed()).length === 2);
  });

  it('whose cron only Temporal finds wrong is refused in the words of Temporal', async () => {
    const request: ScheduleRequest = { ...nightly(), release: { version: '1.1.0' }, cron: '0 2 * * 9', rehearse: false, paused: false };
    const workflows = temporalWorkflows(api.stage.client, api.stage.config.taskQueue);
    await expect(workflows.setSchedule(`${scene.name}-bad`, request, 'ana')).rejects.toMatchObject({
      code: 'InvalidRequest', message: expect.stringContaining('DayOfWeek is not in range [0-7]') as string,
    });
    await api.http.get(`/v1/schedules/${scene.name}-bad`).expect(404);
  });

  it('starts a rollout when its time has come, and says which; the next time it says why none', async () => {
    const name = await set('works');
    const trigger = () => api.stage.client.schedule.getHandle(`schedule/${name}`).trigger();
    const outcomes = (count: number) => waitFor(`${count} outcomes`, async () => {
      const { recent } = await read(name);
      return recent.length === count && recent.every(({ outcome }) => !outcome.startsWith('is being')) && recent.map(({ outcome }) => outcome);
    });
    const first = await api.ship(scene, '1.1.0');
    await api.until(first, 'to end', ({ status }) => status === 'succeeded');
    const second = await api.ship(scene, '1.2.0');
    await api.until(second, 'to end', ({ status }) => status === 'succeeded');
    await trigger();
    expect(await outcomes(1)).toEqual([`${scene.name}-3 ships 1.1.0`]);
    const rollout = await api.until(`${scene.name}-3`, 'to end', ({ status }) => status === 'succeeded');
    expect(rollout).toMatchObject({ startedBy: 'ana', reason: 'Every night.', release: '1.1.0' });
    await trigger();
    expect(await outcomes(2)).toContainEqual(expect.stringMatching(/^started none: NothingToDo: /));
  });
});

/** The names on each page of the whole list. */
async function pages(): Promise<string[][]> {
  const all: string[][] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = SchedulePage.parse((await api.http.get(`/v1/schedules?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`).expect(200)).body);
    all.push(items.map(({ name }) => name));
    if (next === undefined) return all;
    cursor = next;
  }
}
