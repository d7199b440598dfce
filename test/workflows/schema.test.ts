import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import { planQuery } from '../../workflows/messages/rollout.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { sick } from '../support/fake-world.js';
import { knownMigration } from '../support/migrations.js';
import { openStage, type Scene, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';
import { regionQuery } from '../../workflows/messages/region.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const split = knownMigration('0001-split-name');
/** A release whose code uses the new shape and does without the old one. */
const free: Release = { version: '1.1.0', migrations: ['0001-split-name'], freeOf: ['0001-split-name'] };
/** One whose code uses both. */
const both: Release = { version: '1.1.0', migrations: ['0001-split-name'] };

/** Each region has a database of its own; contracts are started by hand, and wait for nothing. */
const database = (scene: Scene, changes: Record<string, unknown> = {}) =>
  ({ database: { type: 'postgres', url: `${scene.name}|{{ place }}`, contractAfter: '0s', contract: 'manual', ...changes } });

const production = (scene: Scene, place: string) => scene.world.database(`production/${place}`);

const planOf = (rollout: string): Promise<Plan> => stage.client.workflow.getHandle(rolloutWorkflowId(rollout)).query(planQuery);

/** Deeds of a place, in order. */
const deedsIn = (scene: Scene, place: string): string[] =>
  scene.world.deeds.filter((deed) => deed.place === place && deed.verb !== 'verify').map(({ verb, version }) => `${verb} ${version}`);

/** 1.0.0 runs everywhere. */
async function sceneOn100(changes: (scene: Scene) => Record<string, unknown> = database): Promise<Scene> {
  const scene = stage.scene();
  await scene.apply(changes(scene));
  await scene.untilEnded((await scene.ship('1.0.0')).rollout);
  scene.world.deeds.length = 0;
  return scene;
}

describe('a release with a migration', () => {
  it('has each region expanded before its own deploy, and the board says so', async () => {
    const scene = await sceneOn100();
    const { rollout } = await scene.ship(free, { migrations: [split] });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
    for (const place of ['staging/frankfurt', 'production/sydney', 'production/frankfurt', 'production/virginia']) {
      expect(deedsIn(scene, place)).toEqual(['expand 0001-split-name', 'deploy 1.1.0']);
    }
    const { migrations } = await scene.pipeline();
    expect(migrations).toMatchObject([{ name: '0001-split-name', release: '1.1.0', oneWay: false }]);
    expect(Object.values(migrations[0]!.places)).toEqual(['expanded', 'expanded', 'expanded', 'expanded']);
  });

  it('says in its plan what happens to the schema, and where', async () => {
    const scene = await sceneOn100();
    const { rollout } = await scene.ship(free, { migrations: [split], to: 'staging' });
    const plan = await planOf(rollout);
    expect(plan).toMatchObject({ work: 'ship', pointOfNoReturn: null });
    expect(plan.migrations).toMatchObject([{ name: '0001-split-name', work: 'expand', places: ['staging/frankfurt'], contract: 'reversible' }]);
    await scene.untilEnded(rollout);
    expect((await scene.pipeline()).migrations[0]!.places).toEqual({ 'staging/frankfurt': 'expanded' });
  });

  it('that is bad goes back code first, then schema, in every region that has it', async () => {
    const scene = await sceneOn100();
    scene.world.metrics.set('production/frankfurt@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.until(rollout, 'held');
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    for (const place of ['production/frankfurt', 'production/sydney', 'staging/frankfurt']) {
      const deeds = deedsIn(scene, place);
      expect(deeds.slice(deeds.indexOf('undo 1.0.0'))).toEqual(['undo 1.0.0', 'undo-expand 0001-split-name']);
    }
    expect(production(scene, 'virginia').phases).toEqual({});
    expect((await scene.pipeline()).migrations[0]!.places).toEqual({});
  });

  it('whose expand does not work has changed no code, and takes back the half', async () => {
    const scene = await sceneOn100();
    production(scene, 'sydney').trouble = (verb) => {
      if (verb === 'expand') throw new MeridianFailure('MigrationFailed', 'column "name" does not exist');
    };
    const { rollout } = await scene.ship(free, { migrations: [split] });
    const held = await scene.untilPerson(rollout);
    expect(held.why).toContain('column "name" does not exist');
    expect(deedsIn(scene, 'production/sydney')).toEqual(['undo-expand 0001-split-name']);
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.0');
    delete production(scene, 'sydney').trouble;
    await scene.decide(rollout, 'resume', { reason: 'mended' });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('keeps what another place of the same database still needs', async () => {
    const scene = await sceneOn100((its) => database(its, { url: `${its.name}|shared` }));
    scene.world.metrics.set('production/frankfurt@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    const held = await scene.untilRegion(rollout, 'production/frankfurt', 'rolled-back');
    expect(held.regions.find(({ environment, region }) => environment === 'production' && region === 'frankfurt')?.note).toContain('0001-split-name stays: ');
    expect(scene.world.database('shared').phases).toEqual({ '0001-split-name': 'expanded' });
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    await scene.untilEnded(rollout);
    expect(scene.world.database('shared').phases).toEqual({});
  });

  it('claims in each place what another place of the same database has expanded', async () => {
    const scene = await sceneOn100((its) => database(its, { url: `${its.name}|shared` }));
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.until(rollout, 'held');
    await scene.decide(rollout, 'abort', { reason: 'later' });
    await scene.untilEnded(rollout);
    scene.world.metrics.delete('production/sydney@1.1.0');
    await scene.untilEnded((await scene.ship('1.1.0')).rollout);
    expect(Object.keys(scene.world.database('shared').claims['0001-split-name']!).toSorted()).toEqual(
      ['production/frankfurt', 'production/sydney', 'production/virginia', 'staging/frankfurt']);
  });

  it('is refused where there is no database, and where it names what nobody knows', async () => {
    const scene = await sceneOn100(() => ({}));
    await expect(scene.ship(free, { migrations: [split] })).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    await expect(scene.ship(free)).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
  });

  it('is refused when the migration is known with another content', async () => {
    const scene = await sceneOn100();
    await scene.untilEnded((await scene.ship(both, { migrations: [split], to: 'staging' })).rollout);
    const other = knownMigration('0001-split-name', { expand: { up: 'create table other (id int)', down: 'drop table if exists other' } });
    await expect(scene.ship({ ...both, version: '1.2.0' }, { migrations: [other] })).rejects.toMatchObject({ cause: { type: 'MigrationChanged' } });
  });
});

describe('with expandFirst: all', () => {
  const all = (scene: Scene) => database(scene, { expandFirst: 'all' });

  it('every region of an environment is expanded before the first deploy there', async () => {
    const scene = await sceneOn100(all);
    await scene.untilEnded((await scene.ship(free, { migrations: [split] })).rollout);
    const told = scene.world.deeds.filter(({ verb, place }) => place.startsWith('production/') && (verb === 'expand' || verb === 'deploy'));
    expect(told.map(({ verb }) => verb)).toEqual(['expand', 'expand', 'expand', 'deploy', 'deploy', 'deploy']);
  });

  it('a drained region keeps nobody waiting: it is expanded when its turn comes', async () => {
    const scene = await sceneOn100(all);
    await scene.drain('frankfurt', 'a new rack');
    const { rollout } = await scene.ship(free, { migrations: [split], override: { from: 'production', reason: 'the test' } });
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    expect(production(scene, 'frankfurt').phases).toEqual({});
    await scene.drain('frankfurt', null);
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
    expect(production(scene, 'frankfurt').phases).toEqual({ '0001-split-name': 'expanded' });
  });

  it('a rollback takes the schema back when all code is back', async () => {
    const scene = await sceneOn100(all);
    scene.world.metrics.set('production/frankfurt@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.until(rollout, 'held');
    expect(production(scene, 'frankfurt').phases).toEqual({ '0001-split-name': 'expanded' });
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    const back = scene.world.deeds.filter(({ verb, place }) => place.startsWith('production/') && (verb === 'undo' || verb === 'undo-expand')).map(({ verb }) => verb);
    expect(back).toEqual(['undo', 'undo', 'undo-expand', 'undo-expand', 'undo-expand']);
    expect(production(scene, 'virginia').phases).toEqual({});
  });
});

describe('what is left of a first attempt', () => {
  it('is not forgotten by a second one that ends early: code and schema go back together', async () => {
    const scene = await sceneOn100();
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.untilRegion(rollout, 'production/sydney', 'live');
    // Found bad by a later look, it would be shipped again; its second attempt cannot even see what runs there.
    const handle = stage.client.workflow.getHandle(`rollout/${rollout}/production/frankfurt`);
    await scene.untilRegion(rollout, 'production/frankfurt', 'soaking');
    await handle.terminate('by hand');
    await scene.untilPerson(rollout);
    scene.world.trouble.set('production/frankfurt', (verb) => {
      if (verb === 'current' && scene.world.versionIn('production/frankfurt') === '1.1.0') throw new MeridianFailure('TargetMisconfigured', 'it does not say');
    });
    await scene.decide(rollout, 'resume', { reason: 'again' });
    await scene.untilRegion(rollout, 'production/frankfurt', 'rolled-back').catch(() => undefined);
    scene.world.trouble.delete('production/frankfurt');
    if ((await scene.view(rollout)).status === 'stuck') await scene.decide(rollout, 'retry');
    await scene.untilPerson(rollout);
    expect(scene.world.versionIn('production/frankfurt')).toBe('1.0.0');
    expect(production(scene, 'frankfurt').phases).toEqual({});
  });

  it('an expand is never taken back under the code that needs it', async () => {
    const scene = await sceneOn100();
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw new MeridianFailure('DeployFailed', 'no');
    });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.untilRegion(rollout, 'production/sydney', 'stuck');
    await scene.decide(rollout, 'skip', { reason: 'by hand' });
    await scene.untilPerson(rollout);
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    await scene.untilEnded(rollout);
    expect(scene.world.versionIn('production/sydney')).toBe('1.1.0');
    expect(production(scene, 'sydney').phases).toEqual({ '0001-split-name': 'expanded' });
  });
});

describe('a contract', () => {
  const shipped = async (changes = database): Promise<Scene> => {
    const scene = await sceneOn100(changes);
    await scene.untilEnded((await scene.ship(free, { migrations: [split] })).rollout);
    scene.world.deeds.length = 0;
    return scene;
  };

  it('takes the old shape away, wave after wave, each with a soak of its own', async () => {
    const scene = await shipped();
    const { rollout } = await scene.contract();
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(scene.world.told('contract')).toEqual(['staging/frankfurt', 'production/sydney', 'production/frankfurt', 'production/virginia'].map((place) => `${place}:0001-split-name`));
    expect(scene.world.told('deploy')).toEqual([]);
    expect(end.regions.map(({ soak }) => soak?.decision)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect((await scene.pipeline()).debt).toEqual([]);
  });

  it('is refused while one region lags on the old release, and runs when it does not', async () => {
    const scene = await sceneOn100();
    scene.world.metrics.set('production/virginia@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.until(rollout, 'held');
    await scene.decide(rollout, 'abort', { reason: 'the others keep it' });
    await scene.untilEnded(rollout);
    await expect(scene.contract(['0001-split-name'])).rejects.toMatchObject({
      cause: { type: 'ContractTooEarly', message: expect.stringContaining('production/virginia') as string },
    });
    scene.world.metrics.delete('production/virginia@1.1.0');
    await scene.untilEnded((await scene.ship('1.1.0')).rollout);
    const contract = await scene.contract();
    expect((await scene.untilEnded(contract.rollout)).status).toBe('succeeded');
  });

  it('is refused while the release still needs the old shape', async () => {
    const scene = await sceneOn100();
    await scene.untilEnded((await scene.ship(both, { migrations: [split] })).rollout);
    await expect(scene.contract(['0001-split-name'])).rejects.toMatchObject({ cause: { type: 'ContractTooEarly' } });
  });

  it('that makes a region worse is taken back there, and holds the rest', async () => {
    const scene = await shipped();
    let contracted = false;
    production(scene, 'sydney').trouble = (verb) => {
      contracted = verb === 'contract';
    };
    scene.world.metrics.set('production/sydney@1.1.0', () => (contracted ? sick : { kind: 'ratio', bad: 0, total: 1_000 }));
    const { rollout } = await scene.contract();
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(production(scene, 'sydney').phases).toEqual({ '0001-split-name': 'expanded' });
    expect(scene.world.told('undo')).toEqual([]);
    await scene.decide(rollout, 'abort', { reason: 'later' });
    await scene.untilEnded(rollout);
    expect((await scene.pipeline()).board.every(({ release, verified }) => release === '1.1.0' && verified)).toBe(true);
  });

  it('with no way back asks for an approval of its own first, and one that fails is never rolled back', async () => {
    const oneWay = knownMigration('0001-split-name', { contract: { up: 'alter table customers drop column name' } });
    const scene = await sceneOn100();
    await scene.untilEnded((await scene.ship(free, { migrations: [oneWay] })).rollout);
    const { rollout } = await scene.contract();
    const waiting = await scene.untilPerson(rollout);
    expect(waiting.waitingFor).toMatchObject([{ gate: 'point-of-no-return', type: 'approval', environment: 'staging' }]);
    expect((await planOf(rollout)).pointOfNoReturn).toMatchObject({ environment: 'staging', migrations: ['0001-split-name'] });
    expect(scene.world.told('contract')).toEqual([]);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    await scene.decide(rollout, 'approve', { gate: 'point-of-no-return', reason: 'go' });
    const held = await scene.until(rollout, 'held');
    expect(held.regions.find(({ environment, region }) => environment === 'production' && region === 'sydney')).toMatchObject({ status: 'failed' });
    expect(production(scene, 'sydney').phases).toEqual({ '0001-split-name': 'contracted' });
    await scene.decide(rollout, 'abort', { reason: 'roll forward' });
    await scene.untilEnded(rollout);
    // What needs the old shape is no way back any more.
    await expect(scene.ship('1.0.0')).rejects.toMatchObject({ cause: { type: 'SchemaIncompatible' } });
  });

  it('waits while a replica is behind, says so, and goes on by itself', async () => {
    const scene = await shipped((its) => database(its, { lag: { max: 10 } }));
    production(scene, 'sydney').behind = 34;
    const { rollout } = await scene.contract();
    const waiting = await waitFor('the reason', async () => {
      const sydney = await stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).query(regionQuery).catch(() => undefined);
      return sydney?.note === undefined ? undefined : sydney;
    });
    expect(waiting).toMatchObject({ status: 'contracting', note: 'waits: the replica is behind: 34, at most 10' });
    expect(scene.world.told('contract')).toEqual(['staging/frankfurt:0001-split-name']);
    production(scene, 'sydney').behind = 0;
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('starts by itself when the whole fleet has done without the old shape for long enough', async () => {
    const scene = await sceneOn100((its) => database(its, { contract: 'automatic', contractAfter: '1s' }));
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.untilEnded(rollout);
    const next = await scene.until(`${scene.name}-3`, 'succeeded');
    expect(next).toMatchObject({ startedBy: 'meridian', release: '1.1.0' });
    expect(Object.values((await scene.pipeline()).migrations[0]!.places)).toEqual(['contracted', 'contracted', 'contracted', 'contracted']);
  });

  it('whose region workflow is lost takes nothing back but itself: the release stays', async () => {
    const scene = await shipped();
    scene.world.metrics.set('production/sydney@1.1.0', () => ({ kind: 'no-data', reason: 'quiet' }));
    const { rollout } = await scene.contract();
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).terminate('by hand');
    await scene.untilPerson(rollout);
    await scene.decide(rollout, 'abort', { reason: 'later' });
    await scene.untilEnded(rollout);
    expect(scene.world.versionIn('production/sydney')).toBe('1.1.0');
    expect(scene.world.told('undo')).toEqual([]);
    expect(production(scene, 'sydney').phases).toEqual({ '0001-split-name': 'expanded' });
  });

  it('makes way for a release that is to be shipped, and is due again afterwards', async () => {
    const oneWay = knownMigration('0001-split-name', { contract: { up: 'alter table customers drop column name' } });
    const scene = await sceneOn100();
    await scene.untilEnded((await scene.ship(free, { migrations: [oneWay] })).rollout);
    const { rollout } = await scene.contract();
    await scene.untilPerson(rollout);
    const newer = await scene.ship({ ...free, version: '1.2.0' });
    expect((await scene.untilEnded(rollout)).status).toBe('superseded');
    expect((await scene.untilEnded(newer.rollout)).status).toBe('succeeded');
    expect((await scene.pipeline()).debt).toMatchObject([{ migration: '0001-split-name', state: 'due' }]);
  });
});
