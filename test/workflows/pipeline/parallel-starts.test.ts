import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Admitted } from '../../../workflows/messages/pipeline.js';
import { onlySydney, openStage, type Scene, type Stage } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const starts = 100;
/** As many as the API lets through to one pipeline: Temporal has ten updates of one workflow in flight at most. */
const atOnce = 8;

/** What became of each of a hundred starts that are all asked for before the first is answered. */
async function shipAll(scene: Scene): Promise<PromiseSettledResult<Admitted>[]> {
  const versions = Array.from({ length: starts }, (_, index) => `1.${index}.0`);
  const outcomes: Promise<PromiseSettledResult<Admitted>[]>[] = Array.from({ length: atOnce }, async () => {
    const mine: PromiseSettledResult<Admitted>[] = [];
    for (let version = versions.shift(); version !== undefined; version = versions.shift()) mine.push(...(await Promise.allSettled([scene.ship(version)])));
    return mine;
  });
  return (await Promise.all(outcomes)).flat();
}

const admittedOf = (outcomes: PromiseSettledResult<Admitted>[]): Admitted[] => outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
const refusalsOf = (outcomes: PromiseSettledResult<Admitted>[]): { cause: { type: string; message: string } }[] =>
  outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as { cause: { type: string; message: string } }] : []));

describe('a hundred rollouts that start at once', () => {
  it('are numbered from 1 to 100: one runs, and the others wait in line and name it', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const outcomes = await shipAll(scene);
    expect(refusalsOf(outcomes)).toEqual([]);
    const admitted = admittedOf(outcomes);
    expect(admitted.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: starts }, (_, index) => index + 1));

    const { locks, queue } = await scene.pipeline();
    const holder = locks.production!;
    expect(queue).toHaveLength(starts - 1);
    await scene.untilRegion(holder, 'production/sydney', 'soaking');
    const waiting = await Promise.all(queue.map((rollout) => scene.view(rollout)));
    expect(new Set(waiting.map(({ status, why }) => `${status}: ${why}`))).toEqual(new Set([`queued: Queued behind ${holder} until it ends.`]));
    expect(scene.world.told('deploy')).toHaveLength(1);
  });

  it('are refused but for one where the policy says reject, each with the name of the one that runs', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak, policy: { overlap: 'reject' } });
    const outcomes = await shipAll(scene);
    const [admitted, ...more] = admittedOf(outcomes);
    expect(more).toEqual([]);
    const refusals = refusalsOf(outcomes);
    expect(refusals).toHaveLength(starts - 1);
    for (const { cause } of refusals) {
      expect(cause).toMatchObject({ type: 'EnvironmentBusy', message: expect.stringMatching(new RegExp(`^${admitted!.rollout} comes first in production`)) as string });
    }
  });
});
