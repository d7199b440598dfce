import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Migrations, type BoardPage } from '../../../src/http/answers.js';
import { PlanAnswer } from '../../../src/rollout/schema/plan.js';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { temporalAddress } from '../../support/temporal.js';
import type { Scene } from '../../support/stage.js';
import { splitName } from '../sample-migrations.js';
import { openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi(temporalAddress());
});
afterAll(() => api.close());

const name = '0001-split-name';

/** One database for all regions, which keeps nothing but its ledger; contracts are started by hand, and wait for nothing. */
async function sceneWithDatabase(): Promise<Scene> {
  const scene = api.stage.scene();
  // Past the API, which takes no address that only the fakes understand.
  await scene.apply({ database: { type: 'postgres', url: `${scene.name}|everywhere`, contractAfter: '0s', contract: 'manual' } });
  return scene;
}

async function ship(scene: Scene, release: object): Promise<void> {
  const { body } = await api.http.post('/v1/rollouts').send({ pipeline: scene.name, release }).expect(202);
  await api.until(Rollout.parse(body).id, 'to succeed', ({ status }) => status === 'succeeded');
}

const contract = (scene: Scene, query = '', migrations: string[] = [name]) => api.http.post(`/v1/contracts${query}`).send({ pipeline: scene.name, migrations });

describe('a migration', () => {
  it('is expanded with its release, owed until it is contracted, and then at its end', async () => {
    const scene = await sceneWithDatabase();
    const address = `/v1/pipelines/${scene.name}/migrations`;
    await ship(scene, { version: '1.1.0', migrations: [splitName] });
    const { items: [lagging] } = Migrations.parse((await api.http.get(address).expect(200)).body);
    expect(lagging).toMatchObject({ name, release: '1.1.0', places: { 'staging/frankfurt': 'expanded', 'production/sydney': 'expanded' }, debt: { state: 'lagging' } });

    for (const query of ['', '?preview=true']) {
      const early = await contract(scene, query);
      expect([early.status, early.body]).toMatchObject([409, { code: 'ContractTooEarly', detail: expect.stringContaining('runs 1.1.0, which needs the old shape') as string }]);
      const unknown = await contract(scene, query, ['0001-splt-name']);
      expect([unknown.status, unknown.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining(`Did you mean ${name}?`) as string }]);
    }

    await ship(scene, { version: '1.2.0', migrations: [name], freeOf: [name] });
    const board = await api.untilBody<BoardPage>(`/v1/board?pipeline=${scene.name}`, 'to say that it is due', ({ items }) => items[0]?.debt?.[0]?.state === 'due');
    expect(board.items[0]!.debt).toMatchObject([{ migration: name, oneWay: false }]);

    const plan = PlanAnswer.parse((await contract(scene, '?preview=true').expect(200)).body);
    expect(plan).toMatchObject({ work: 'contract', migrations: [{ name, work: 'contract', contract: 'reversible' }], pointOfNoReturn: null });
    const started = await api.http.post('/v1/contracts').send({ pipeline: scene.name, plan: plan.hash }).expect(202);
    expect(Rollout.parse(started.body)).toMatchObject({ contract: [name], plan: plan.hash });
    await api.until(Rollout.parse(started.body).id, 'to succeed', ({ status }) => status === 'succeeded');

    const { items: [finished] } = Migrations.parse((await api.http.get(address).expect(200)).body);
    expect(finished!.places).toMatchObject({ 'staging/frankfurt': 'contracted', 'production/sydney': 'contracted' });
    expect(finished).not.toHaveProperty('debt');
    const old = await api.http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version: '1.1.0' } });
    expect([old.status, old.body]).toMatchObject([409, { code: 'SchemaIncompatible' }]);
  });

  it('that has changed is refused, and a name that nobody knows', async () => {
    const scene = await sceneWithDatabase();
    await ship(scene, { version: '1.1.0', migrations: [splitName] });
    const changed = { ...splitName, expand: { ...splitName.expand, up: splitName.expand.up.replace('family_name text', 'family_name varchar') } };
    const answer = await api.http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version: '1.2.0', migrations: [changed] } });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'MigrationChanged' }]);
    const unknown = await api.http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version: '1.2.0', migrations: ['0001-splt-name'] } });
    expect([unknown.status, unknown.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining(`Did you mean ${name}?`) as string }]);
  });
});
