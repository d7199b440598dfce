import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RolloutPage } from '../../../src/http/answers.js';
import { temporalAddress } from '../../support/temporal.js';
import type { Scene } from '../../support/stage.js';
import { waitFor } from '../../support/wait-for.js';
import { longSoak, openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
let scene: Scene;
/** Three rollouts: the first has ended, the second soaks, the third waits in line. */
beforeAll(async () => {
  api = await openApi(temporalAddress());
  scene = api.stage.scene();
  await api.apply(scene, { ...longSoak, lifecycle: [{ environment: 'production' }] });
  const first = await api.ship(scene, '1.1.0');
  await api.until(first, 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
  await api.http.post(`/v1/rollouts/${first}/rollback`).send({ reason: 'over' }).expect(200);
  await api.until(first, 'to end', ({ status }) => status === 'rolled-back');
  await api.ship(scene, '1.2.0');
  await api.ship(scene, '1.1.0');
  await waitFor('the list to know all of it', async () => {
    const { items } = await list(`pipeline=${scene.name}`);
    return items.map(({ status }) => status).toSorted().join() === 'queued,rolled-back,running';
  });
});
afterAll(async () => {
  for (const number of [3, 2]) await api.http.post(`/v1/rollouts/${scene.name}-${number}/abort`).send({ reason: 'over' });
  await api.close();
});

const list = async (query: string): Promise<RolloutPage> => RolloutPage.parse((await api.http.get(`/v1/rollouts?${query}`).expect(200)).body);
const ids = ({ items }: RolloutPage): string[] => items.map(({ id }) => id.slice(scene.name.length + 1)).toSorted();

describe('the list of rollouts', () => {
  it.each([
    ['', ['1', '2', '3']],
    ['&status=running', ['2']],
    ['&status=queued', ['3']],
    ['&status=rolled-back', ['1']],
    ['&release=1.1.0', ['1', '3']],
    ['&release=1.2.0&status=queued', []],
    ['&region=sydney', ['1', '2', '3']],
    ['&region=tokyo', []],
  ])('of one pipeline with %s has %j', async (filter, numbers) => {
    expect(ids(await list(`pipeline=${scene.name}${filter}`))).toEqual(numbers);
  });

  it('goes page by page through all of them, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 5; pages += 1) {
      const page = await list(`pipeline=${scene.name}&limit=1${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      seen.push(...ids(page));
      cursor = page.next;
      if (cursor === undefined) break;
    }
    expect(seen.toSorted()).toEqual(['1', '2', '3']);
    expect(cursor).toBeUndefined();
  });

  it('refuses a cursor of another list, and one that somebody made up', async () => {
    const { next } = await list(`pipeline=${scene.name}&limit=1`);
    for (const query of [`limit=1&cursor=${next}`, `pipeline=${scene.name}&cursor=${next}x`, 'cursor=eyJ9', 'cursor=%00']) {
      const answer = await api.http.get(`/v1/rollouts?${query}`);
      expect([query, answer.status, answer.body]).toMatchObject([query, 422, { code: 'InvalidRequest', detail: expect.stringContaining('cursor') as string }]);
    }
  });

  it('leads to each rollout', async () => {
    const { items } = await list(`pipeline=${scene.name}&status=queued`);
    expect(items).toMatchObject([{ id: `${scene.name}-3`, links: { self: `/v1/rollouts/${scene.name}-3` } }]);
  });
});
