import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import { watchGate } from '../../activities/watch-gate.js';
import type { GateWork } from '../../activities/work.js';
import type { Sample } from '../../src/judge/sample.js';
import { gateDependencies, gateWork, silentSource } from './gates/gate-work.js';

const work: GateWork = gateWork(
  { name: 'load', type: 'metric', query: 'load', max: 10, interval: '20s' }, { metrics: { type: 'scrape', url: 'http://127.0.0.1/metrics', timeout: '5s' } },
);

/** A source that answers these samples one after the other. */
function sourceOf(...samples: Sample[]): Dependencies {
  const left = [...samples];
  return gateDependencies({ connectMetrics: () => ({ ...silentSource, look: async ([check]) => ({ samples: { [check!.name]: left.shift()! }, cursor: undefined }) }) });
}

/** What one attempt of the watch ended in. */
const attempt = (dependencies: Dependencies, watched = work): Promise<unknown> =>
  new MockActivityEnvironment().run(watchGate(dependencies), watched).catch((error: unknown) => error);

describe('the watch of a gate', () => {
  it('ends a look at a closed gate by failing benignly until the next one is due, with what was seen', async () => {
    const ended = await attempt(sourceOf({ kind: 'value', value: 34 }));
    expect(ended).toBeInstanceOf(ApplicationFailure);
    const failure = ended as ApplicationFailure;
    expect(failure).toMatchObject({ type: 'GateClosed', message: 'load is 34, at most 10', nonRetryable: false, category: ApplicationFailureCategory.BENIGN });
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(20_000);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(22_000);
  });

  it('looks at a window again when it opens, and not long after', async () => {
    const soon = new Date(Date.now() + 30 * 60_000).toISOString().slice(11, 16);
    const later = new Date(Date.now() + 90 * 60_000).toISOString().slice(11, 16);
    const window = gateWork({ type: 'window', timezone: 'UTC', from: soon, to: later });
    const before = Date.now();
    const failure = await attempt(gateDependencies(), window) as ApplicationFailure;
    const opensAt = Date.parse(/opens at (\S+)$/.exec(failure.message)![1]!);
    const delay = Number(failure.nextRetryDelay);
    expect(Date.now() + delay).toBeGreaterThanOrEqual(opensAt);
    expect(before + delay).toBeLessThanOrEqual(opensAt + 5_001);
  });

  it('keeps the failure small, however much was seen', async () => {
    const ended = await attempt(sourceOf({ kind: 'error', reason: 'x'.repeat(10_000) }));
    expect((ended as ApplicationFailure).message).toHaveLength(1_000);
  });

  it('returns only when the gate is open', async () => {
    const dependencies = sourceOf({ kind: 'no-data', reason: 'empty' }, { kind: 'value', value: 11 }, { kind: 'value', value: 3 });
    expect(await attempt(dependencies)).toMatchObject({ type: 'GateClosed' });
    expect(await attempt(dependencies)).toMatchObject({ type: 'GateClosed' });
    expect(await attempt(dependencies)).toEqual({ isOpen: true, saw: 'load is 3, at most 10', lookAgainMs: 20_000 });
  });
});
