import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScheduledWork } from '../../../activities/work.js';
import type { ScheduledRolloutMemo } from '../../../workflows/memo.js';
import type { scheduledRollout } from '../../../workflows/scheduled-rollout.js';
import { onlySydney, openStage, type Scene, type Stage } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';
import { waitFor } from '../../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

/** A Temporal Schedule whose time comes only when somebody triggers it. Answers what comes of it, and what its memo says. */
async function oneTime({ name }: Scene, release: ScheduledWork['release']): Promise<{ outcome: string; memo: ScheduledRolloutMemo }> {
  const work: ScheduledWork = { schedule: 'nightly', pipeline: name, release, rehearse: false, reason: 'every night', by: 'ana' };
  const schedule = await stage.client.schedule.create({
    scheduleId: `nightly-${randomUUID()}`,
    spec: { cronExpressions: ['0 0 1 1 *'] },
    action: { type: 'startWorkflow', workflowType: 'scheduledRollout', taskQueue: stage.config.taskQueue, args: [work] },
  });
  await schedule.trigger();
  const workflowId = await waitFor('its time', async () => {
    const [action] = (await schedule.describe()).info.recentActions;
    return action?.action.type === 'startWorkflow' ? action.action.workflow.workflowId : undefined;
  });
  const handle = stage.client.workflow.getHandle<typeof scheduledRollout>(workflowId);
  const outcome = await handle.result();
  await schedule.delete();
  return { outcome, memo: (await handle.describe()).memo as ScheduledRolloutMemo };
}

describe('a schedule whose time has come', () => {
  it('starts a rollout in the name of who made it, and says which: as its result, and in its memo', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    await scene.ship('1.2.0').then(({ rollout }) => scene.untilEnded(rollout));
    const second = `${scene.name}-3`;
    expect(await oneTime(scene, { version: '1.1.0' })).toEqual({ outcome: `${second} ships 1.1.0`, memo: { outcome: `${second} ships 1.1.0` } });
    expect(await scene.untilEnded(second)).toMatchObject({ status: 'succeeded', startedBy: 'ana', reason: 'every night' });
  });

  it('says why it starts none, and that is no failure: the next time comes', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    const { outcome, memo } = await oneTime(scene, { verifiedIn: 'production' });
    expect(outcome).toMatch(/^started none: .*1\.1\.0 already runs, verified/);
    expect(memo).toEqual({ outcome });
    expect((await oneTime(scene, { version: '9.9.9' })).outcome).toMatch(/^started none: /);
  });
});
