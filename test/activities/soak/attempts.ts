import { gunzipSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Dependencies } from '../../../activities/dependencies.js';
import type { SoakHeartbeat } from '../../../activities/soak-heartbeat.js';
import type { Conclusion } from '../../../activities/conclude-soak.js';
import { watchSoak } from '../../../activities/watch-soak.js';
import type { SoakWork } from '../../../activities/work.js';
import { regionSettings } from '../../../src/rollout/document/settings.js';
import type { SoakNews } from '../../../workflows/messages/region.js';
import { fakeDependencies, FakeWorld } from '../../support/fake-world.js';
import { documentFor } from '../../support/stage.js';

const quiet = new DefaultLogger('ERROR');
const beganMs = Date.parse('2026-11-21T12:00:00.000Z');

/** The soak of production/sydney, compared with virginia and frankfurt; `changes` replace parts of the pipeline. */
export function soakWork(changes: Record<string, unknown> = {}): SoakWork {
  const document = documentFor('shop', { soak: { min: '5m', max: '20m', interval: '30s', minSamples: 100 }, ...changes });
  const at = (region: string) => regionSettings(document, { environment: 'production', region });
  const control = (region: string) => ({ environment: 'production', region, metrics: at(region).metrics!, variables: at(region).variables });
  return {
    pipeline: 'shop', rollout: 'shop-1', environment: 'production', region: 'sydney', release: { version: '1.1.0' }, previous: '1.0.0',
    settings: at('sydney'), controls: [control('virginia'), control('frankfurt')], carried: {}, budgetLeft: null,
    startedAt: new Date(beganMs).toISOString(), changedAt: new Date(beganMs - 60_000).toISOString(), workflowId: 'rollout/shop-1/production/sydney',
  };
}

/** One attempt of the watch: what it ended in, and everything that it left in its heartbeat, in order. */
export interface Attempt {
  ended: unknown;
  kept: SoakHeartbeat[];
}

/** A watch whose attempts follow each other as Temporal would have them, on a clock of its own. */
export class Attempts {
  readonly world = new FakeWorld();
  readonly told: SoakNews[] = [];
  readonly dependencies: Dependencies;
  /** The first look that is of the soak alone. */
  nowMs = beganMs + 30_000;
  /** Thrown when something is told. */
  deaf: Error | undefined;
  last: SoakHeartbeat | undefined;
  private readonly activity: (work: SoakWork) => Promise<Conclusion>;

  constructor(readonly work: SoakWork = soakWork()) {
    const signal = async (_definition: unknown, news: SoakNews): Promise<void> => {
      if (this.deaf) throw this.deaf;
      this.told.push(JSON.parse(JSON.stringify(news)) as SoakNews);
    };
    const client = { workflow: { getHandle: () => ({ signal }) } } as never;
    this.dependencies = { ...fakeDependencies(() => this.world, client), now: () => this.nowMs };
    this.activity = watchSoak(this.dependencies);
  }

  /** The next attempt, an interval later; from `before` where it is not what the last one has left. */
  async next(before: unknown = this.last): Promise<Attempt> {
    const attempt = await this.attempt(before);
    this.last = attempt.kept.at(-1) ?? this.last;
    this.nowMs += this.work.settings.soak.intervalMs;
    return attempt;
  }

  async times(count: number): Promise<Attempt> {
    let last = await this.next();
    for (let done = 1; done < count; done++) last = await this.next();
    return last;
  }

  private async attempt(before: unknown): Promise<Attempt> {
    // What is kept crosses a wire.
    const env = new MockActivityEnvironment({ heartbeatDetails: before === undefined ? undefined : (JSON.parse(JSON.stringify(before)) as unknown) }, { logger: quiet });
    const kept: SoakHeartbeat[] = [];
    env.on('heartbeat', (details: unknown) => kept.push(defaultPayloadConverter.fromPayload<SoakHeartbeat>(defaultPayloadConverter.toPayload(details))));
    const ended: unknown = await env.run(this.activity, this.work).catch((error: unknown) => error);
    return { ended, kept };
  }
}

export const linesOf = (samples: string | undefined): string[] =>
  samples === undefined ? [] : gunzipSync(Buffer.from(samples, 'base64')).toString('utf8').split('\n').filter((line) => line !== '');
