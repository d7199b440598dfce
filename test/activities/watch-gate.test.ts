import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import type { Cursor } from '../../activities/ports/metric-source.js';
import { watchGate } from '../../activities/watch-gate.js';
import type { GateWork } from '../../activities/work.js';
import type { Sample } from '../../src/judge/sample.js';
import { gateDependencies, gateWork } from './gates/gate-work.js';

const work: GateWork = gateWork(
  { name: 'load', type: 'metric', query: 'load', max: 10, interval: '20s' }, { metrics: { type: 'scrape', url: 'http://127.0.0.1/metrics', timeout: '5s' } },
);

/** A source that answers these samples one after the other, and says each time where it stands. */
function sourceOf(samples: Sample[]): { dependencies: Dependencies; cursors: Cursor[] } {
  const cursors: Cursor[] = [];
  const connectMetrics: Dependencies['connectMetrics'] = () => ({
    look: async ([check], cursor) => {
      cursors.push(cursor);
      return { samples: { [check!.name]: samples[cursors.length - 1]! }, cursor: { looks: cursors.length } };
    },
  });
  return { dependencies: gateDependencies({ connectMetrics }), cursors };
}

/** One attempt of the watch: what it ended in, and what it left in its heartbeat. */
async function attempt(dependencies: Dependencies, before?: unknown): Promise<{ ended: unknown; kept: unknown }> {
  const env = new MockActivityEnvironment({ heartbeatDetails: before });
  let kept: unknown;
  env.on('heartbeat', (details: unknown) => {
    kept = details;
  });
  return { ended: await env.run(watchGate(dependencies), work).catch((error: unknown) => error), kept };
}

describe('the watch of a gate', () => {
  it('ends a look at a closed gate by failing benignly until the next one is due, with what was seen', async () => {
    const { ended } = await attempt(sourceOf([{ kind: 'value', value: 34 }]).dependencies);
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
    const env = new MockActivityEnvironment();
    const before = Date.now();
    const failure = await env.run(watchGate(gateDependencies()), window).catch((error: unknown) => error) as ApplicationFailure;
    const opensAt = Date.parse(/opens at (\S+)$/.exec(failure.message)![1]!);
    const delay = Number(failure.nextRetryDelay);
    expect(Date.now() + delay).toBeGreaterThanOrEqual(opensAt);
    expect(before + delay).toBeLessThanOrEqual(opensAt + 5_001);
  });

  it('keeps the failure small, however much was seen', async () => {
    const { ended } = await attempt(sourceOf([{ kind: 'error', reason: 'x'.repeat(10_000) }]).dependencies);
    expect((ended as ApplicationFailure).message).toHaveLength(1_000);
  });

  it('goes on where the source stood, and returns only when the gate is open', async () => {
    const { dependencies, cursors } = sourceOf([{ kind: 'no-data', reason: 'first look' }, { kind: 'value', value: 11 }, { kind: 'value', value: 3 }]);
    const first = await attempt(dependencies);
    const second = await attempt(dependencies, first.kept);
    const third = await attempt(dependencies, second.kept);
    expect(cursors).toEqual([undefined, { looks: 1 }, { looks: 2 }]);
    expect([first, second].map(({ ended }) => ended)).toMatchObject([{ type: 'GateClosed' }, { type: 'GateClosed' }]);
    expect(third.ended).toEqual({ isOpen: true, saw: 'load is 3, at most 10', lookAgainMs: 20_000 });
  });
});
