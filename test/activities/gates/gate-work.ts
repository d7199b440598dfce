import { MockActivityEnvironment } from '@temporalio/testing';
import type { Dependencies } from '../../../activities/dependencies.js';
import type { MetricSource } from '../../../activities/ports/metric-source.js';
import type { GateAnswer, GateWork } from '../../../activities/work.js';
import { lookAtGate } from '../../../activities/watch-gate.js';
import { resolveVariables } from '../../../src/adapters/references.js';
import { Gate, type AutomaticGate } from '../../../src/rollout/schema/gate.js';
import { fillIn } from '../../../src/rollout/document/templates.js';
import { installRuntime } from '../../../src/temporal-runtime.js';
import { fakeDependencies, FakeWorld } from '../../support/fake-world.js';

installRuntime({ logLevel: 'silent' });

/** A gate before production/sydney; `settings` are what the document says there. */
export function gateWork(gate: Record<string, unknown>, settings: Partial<GateWork['settings']> = {}, more: Partial<GateWork> = {}): GateWork {
  return {
    pipeline: 'shop', environment: 'production', region: 'sydney', rollout: 'shop-12', release: { version: '1.1.0' }, plan: 'a'.repeat(64),
    gate: Gate.parse({ name: 'the-gate', ...gate }) as AutomaticGate,
    settings: {
      metrics: null, variables: [], timezone: 'Australia/Sydney', offPeak: { from: '01:00', to: '05:00' },
      places: [{ environment: 'production', region: 'sydney' }], ...settings,
    },
    ...more,
  };
}

/** What gates work with: real templates and references; the rest is as fake as a test wants it. */
export const gateDependencies = (changes: Partial<Dependencies> = {}): Dependencies =>
  ({ ...fakeDependencies(() => new FakeWorld(), undefined as never), fillIn, resolveVariables, ...changes });

/** One look, inside an activity. */
export const look = (dependencies: Dependencies, work: GateWork): Promise<GateAnswer> =>
  new MockActivityEnvironment().run(lookAtGate(dependencies), work);

/** What a gate never asks of a source. */
export const silentSource: Pick<MetricSource, 'history' | 'selfTest'> = { history: async () => ({}), selfTest: async () => [] };
