import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { onlyProduction, onlySydney, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

describe('a rollout', () => {
  it('ships a good release through every phase, wave by wave, and records it on the board', async () => {
    const scene = stage.scene();
    await scene.apply();
    const end = await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    expect(end.status).toBe('succeeded');
    expect(end.why).toBe('1.1.0 is live and verified in staging and production.');
    expect(scene.world.told('deploy')).toEqual([
      'staging/frankfurt:1.1.0', 'production/sydney:1.1.0', 'production/frankfurt:1.1.0', 'production/virginia:1.1.0',
    ]);
    const { board } = await scene.pipeline();
    expect(board.map((cell) => [cell.release, cell.verified, cell.lastKnownGood])).toEqual(Array.from({ length: 4 }, () => ['1.1.0', true, '1.1.0']));
    expect(scene.world.notices.map(({ kind }) => kind)).toEqual(['succeeded']);
  });

  it('catches a bad release in its first region, takes it back there, holds, and never touches the others', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    scene.world.metrics.set('production/sydney@1.2.0', () => sick);
    const { rollout } = await scene.ship('1.2.0');
    const held = await scene.untilPerson(rollout);
    expect(held).toMatchObject({ status: 'held', failure: { code: 'RegionRegressed' } });
    expect(held.why).toMatch(/^Held until you resume \(try again\), rollback or abort: production\/sydney got worse with 1\.2\.0: .*errors ×\d+ \(95 %: .*\) against virginia and frankfurt .*; 40 % of [\d,]+ requests/);
    expect(held.regions.map(({ status }) => status)).toEqual(['rolled-back', 'pending', 'pending']);
    expect(scene.world.versionIn('production/sydney')).toBe('1.1.0');
    expect(scene.world.told('deploy').filter((deed) => deed.endsWith('1.2.0'))).toEqual(['production/sydney:1.2.0']);
    const { board } = await scene.pipeline();
    expect(board[0]).toMatchObject({ region: 'sydney', release: '1.1.0', verified: true, status: 'live', lastKnownGood: '1.1.0' });
  });

  it('tries the failed region again after resume, with keys of its own, and goes on when it has become well', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilPerson(rollout);
    scene.world.metrics.set('production/sydney@1.1.0', () => healthy);
    await scene.decide(rollout, 'resume', { reason: 'the database was slow, it is mended' });
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(end.regions[0]).toMatchObject({ region: 'sydney', attempts: 2, status: 'live' });
    expect(end.failure).toBeUndefined();
    const keys = scene.world.deeds.filter(({ place, verb }) => place === 'production/sydney' && verb === 'deploy').map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it('undoes the whole rollout by itself where the policy says so', async () => {
    const scene = stage.scene();
    await scene.apply({ policy: { onRegression: 'rollback' } });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const end = await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    expect(end.status).toBe('rolled-back');
    expect(end.timeline.some(({ by, text }) => by === 'policy' && text.startsWith('rollback'))).toBe(true);
    expect(scene.world.told('undo')).toEqual(['production/sydney:null', 'staging/frankfurt:null']);
    expect(scene.world.running.size).toBe(0);
  });

  it('holds without data: never a pass, never a rollback; resume soaks again', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '300ms', max: '3s', interval: '1s', minSamples: 100 } });
    scene.world.metrics.set('production/sydney@1.1.0', () => silent);
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.untilPerson(rollout);
    expect(held).toMatchObject({ status: 'held', failure: { code: 'NoData' } });
    expect(held.failure?.message).toContain('the source answered nothing');
    expect(scene.world.versionIn('production/sydney')).toBe('1.1.0');
    expect(scene.world.told('undo')).toEqual([]);
    scene.world.metrics.set('production/sydney@1.1.0', () => healthy);
    await scene.decide(rollout, 'resume');
    expect(await scene.untilEnded(rollout)).toMatchObject({ status: 'succeeded' });
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0']);
  });

  it('ends before anything is touched when preflight finds a target that cannot work', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    scene.world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('TargetMisconfigured', 'the folder of virginia is not there');
    });
    const end = await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'TargetMisconfigured', message: 'the folder of virginia is not there' } });
    expect(scene.world.deeds).toEqual([]);
  });
});
