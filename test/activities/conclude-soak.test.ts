import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { concludeSoak } from '../../activities/conclude-soak.js';
import type { SoakHeartbeat } from '../../activities/soak-heartbeat.js';
import type { SoakWork } from '../../activities/work.js';
import { noEvidence, observe } from '../../src/judge/judge.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { fakeDependencies, FakeWorld, healthy } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';

const document = documentFor('shop', { tenants: { acme: { regions: ['sydney'] } } });
const work = (tenant?: string): SoakWork => ({
  pipeline: 'shop', rollout: 'shop-1', environment: 'production', region: 'sydney', tenant, release: { version: '1.1.0' },
  settings: regionSettings(document, { environment: 'production', region: 'sydney', tenant }), startedAt: '2026-11-21T12:00:00.000Z',
});

/** Temporal, in which one workflow has a watch that has seen a healthy release. */
function temporalWith(workflowId: string): never {
  const { checks } = document;
  const kept: SoakHeartbeat = {
    evidence: observe(noEvidence(), checks, { errors: healthy }, Date.now()), cursor: null, results: [], at: new Date().toISOString(),
  };
  const watch = { activityType: { name: 'watchSoak' }, heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(kept)] } };
  const getHandle = (id: string) => ({ describe: async () => ({ raw: { pendingActivities: id === workflowId ? [watch] : [] } }) });
  return { workflow: { getHandle } } as never;
}

describe('the end of a soak', () => {
  it.each([
    ['of a region', undefined, 'rollout/shop-1/production/sydney'],
    ['of a tenant', 'acme', 'rollout/shop-1/production/sydney/acme'],
  ])('%s is judged by what its own watch has seen', async (_title, tenant, workflowId) => {
    const conclude = concludeSoak(fakeDependencies(() => new FakeWorld(), temporalWith(workflowId)));
    expect(await conclude(work(tenant))).toMatchObject({ verdict: 'pass', results: [{ name: 'errors', evidence: 100 }] });
    expect(await conclude({ ...work(tenant), tenant: 'globex' }), 'another watch says nothing of it').toMatchObject({ verdict: 'no-data' });
  });
});
