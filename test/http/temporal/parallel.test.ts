import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Response } from 'supertest';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { temporalAddress } from '../../support/temporal.js';
import type { Scene } from '../../support/stage.js';
import { longSoak, openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi(temporalAddress());
});
afterAll(() => api.close());

const many = 100;

/** A hundred requests for the same environments, each for a release of its own. */
const shipMany = ({ name: pipeline }: Scene): Promise<Response[]> =>
  Promise.all(Array.from({ length: many }, (_, index) => api.http.post('/v1/rollouts').send({ pipeline, release: { version: `2.0.${index}` } })));

const lock = async ({ name }: Scene): Promise<{ locks: Record<string, string>; queue: string[] }> =>
  (await api.http.get(`/v1/pipelines/${name}`).expect(200)).body as { locks: Record<string, string>; queue: string[] };

const onePhase = { ...longSoak, lifecycle: [{ environment: 'production' }] };

describe('a hundred starts at once', () => {
  it('are all answered: one runs, the others wait in line behind somebody whom they name', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, onePhase);
    const answers = await shipMany(scene);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: many }, () => 202));
    expect(new Set(answers.map(({ body }) => Rollout.parse(body).number)).size).toBe(many);
    const { locks, queue } = await lock(scene);
    expect([Object.keys(locks), queue.length]).toEqual([['production'], many - 1]);
    const last = Rollout.parse((await api.http.get(`/v1/rollouts/${queue.at(-1)}`).expect(200)).body);
    expect([last.status, last.why]).toEqual(['queued', expect.stringContaining(`${scene.name}-`)]);
  });

  it('are all answered where nobody may wait: one runs, the others are refused and told who holds the environment', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, { ...onePhase, policy: { overlap: 'reject' } });
    const answers = await shipMany(scene);
    const [started, ...more] = answers.filter(({ status }) => status === 202);
    expect(more).toEqual([]);
    const { id } = Rollout.parse(started!.body);
    const refused = answers.filter((answer) => answer !== started);
    for (const { status, body } of refused) expect([status, body]).toMatchObject([409, { code: 'EnvironmentBusy', detail: expect.stringContaining(id) as string }]);
  });
});
