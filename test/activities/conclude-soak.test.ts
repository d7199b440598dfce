import { defaultPayloadConverter } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import { concludeSoak } from '../../activities/conclude-soak.js';
import type { SoakHeartbeat } from '../../activities/soak-heartbeat.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { fakeDependencies, FakeWorld } from '../support/fake-world.js';
import { Attempts, linesOf } from './soak/attempts.js';

installRuntime({ logLevel: 'silent' });

const workflowId = 'rollout/shop-1/production/sydney';
const intervalMs = 30_000;
let watch: Attempts;
beforeEach(() => {
  watch = new Attempts();
});

/** What is concluded now when the watch of `workflowId` keeps this. */
function conclude(kept: unknown, of = workflowId) {
  const pending = { activityType: { name: 'watchSoak' }, ...(kept !== undefined && { heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(kept)] } }) };
  const getHandle = (id: string) => ({ describe: async () => ({ raw: { pendingActivities: id === workflowId ? [pending] : [] } }) });
  const dependencies = fakeDependencies(() => new FakeWorld(), { workflow: { getHandle } } as never);
  return concludeSoak({ ...dependencies, now: () => watch.nowMs })({ workflowId: of, intervalMs });
}

describe('the end of a soak', () => {
  it('is what the judge said last, of its own watch', async () => {
    await watch.times(3);
    expect(await conclude(watch.last)).toMatchObject({ verdict: { decision: 'continue', checks: [{ name: 'errors', evidence: 3_000 }] } });
    expect(await conclude(watch.last, 'rollout/shop-1/production/oslo'), 'another watch says nothing of it')
      .toEqual({ verdict: { decision: 'no-data', explanation: 'the watch has not looked yet', checks: [] } });
  });

  it('is no data, never a pass, when the watch has not looked for a while', async () => {
    await watch.times(14);
    expect(watch.last!.verdict.decision).toBe('pass');
    const kept = watch.last;
    watch.nowMs += 60_000;
    expect((await conclude(kept)).verdict.decision).toBe('pass');
    watch.nowMs += 60_000;
    expect((await conclude(kept)).verdict).toMatchObject({ decision: 'no-data', explanation: 'the watch has not looked for 150 s' });
  });

  it('is no data when the watch has kept nothing, or what another version has kept', async () => {
    for (const kept of [undefined, { evidence: {}, cursor: null, results: [], at: '' }]) expect((await conclude(kept)).verdict.decision).toBe('no-data');
  });

  it('brings the lines that no news has carried yet, also those that are on their way', async () => {
    await watch.times(3);
    expect(linesOf((await conclude(watch.last)).samples)).toEqual(watch.last!.lines);
    const { kept: [beforeTelling] } = await new Attempts().next();
    const { untold } = beforeTelling as SoakHeartbeat;
    expect(linesOf((await conclude(beforeTelling)).samples)).toEqual(linesOf(untold!.samples));
  });
});
