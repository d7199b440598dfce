import type { Client } from '@temporalio/client';
import type { Dependencies } from '../../activities/dependencies.js';
import type { AskGatekeeper } from '../../activities/ports/gatekeeper.js';
import type { History, MetricSource } from '../../activities/ports/metric-source.js';
import type { Notice } from '../../activities/ports/notifier.js';
import type { DeployStep, Place, RegionTarget, StepAnswer, UndoStep } from '../../activities/ports/region-target.js';
import type { Sample } from '../../src/judge/sample.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { placeKey } from '../../src/rollout/places.js';
import { fakeDatabase, type FakeDatabase, type SchemaVerb } from './fake-database.js';
import type { Check } from '../../src/rollout/schema/check.js';
import type { Release } from '../../src/rollout/schema/release.js';

/** One thing that a region was told to do, in the order in which it was told. */
export interface Deed {
  verb: 'deploy' | 'verify' | 'undo' | SchemaVerb;
  place: string;
  key: string;
  /** The version that was put there, looked for, or put back; null when an undo stopped what was started. */
  version: string | null;
}

type PastRange = Parameters<MetricSource['history']>[1];
type Verb = 'deploy' | 'verify' | 'undo' | 'current';

/**
 * A world of regions that remembers what it was told. Trouble is set by place (`production/sydney`): a function that is asked before
 * each effect and may throw, or wait.
 */
export class FakeWorld {
  readonly deeds: Deed[] = [];
  readonly notices: Notice[] = [];
  readonly running = new Map<string, Release>();
  /** Asked before an effect takes place. */
  readonly trouble = new Map<string, (verb: Verb, times: number) => void | Promise<void>>();
  /** Asked after an effect took place: what it throws is an answer that was lost. */
  readonly lostAnswer = new Map<string, (verb: Verb, times: number) => void>();
  /** What a look at the metrics brings, by `<place>@<version>`, or by `<place>` for whatever runs there; healthy when nothing is set. */
  readonly metrics = new Map<string, (check: Check) => Sample>();
  /** What the metrics keep of the past, by the same names; nothing when nothing is set. */
  readonly pasts = new Map<string, (check: Check, range: PastRange) => History>();
  /** What the webhook of a gate answers. */
  gatekeeper: AskGatekeeper = async ({ name }) => ({ isOpen: true, saw: `${name} is open` });
  readonly databases = new Map<string, FakeDatabase>();
  private readonly times = new Map<string, number>();

  /** Effects of one verb as `place:version`, in order. */
  told(verb: Deed['verb']): string[] {
    return this.deeds.filter((deed) => deed.verb === verb).map((deed) => `${deed.place}:${deed.version}`);
  }

  versionIn(place: string): string | null {
    return this.running.get(place)?.version ?? null;
  }

  target(): RegionTarget {
    return {
      current: async (place) => {
        await this.before('current', place);
        return this.running.get(placeKey(place)) ?? null;
      },
      deploy: (step) => this.effect('deploy', step, step.release),
      verify: async (step) => {
        await this.before('verify', step);
        this.deeds.push({ verb: 'verify', place: placeKey(step), key: step.key, version: step.release.version });
        if (this.versionIn(placeKey(step)) === step.release.version) return { status: 'done' };
        throw new MeridianFailure('VerifyFailed', `${placeKey(step)} runs ${this.versionIn(placeKey(step))}`);
      },
      undo: (step) => this.effect('undo', step, step.to),
    };
  }

  private async effect(verb: 'deploy' | 'undo', step: DeployStep | UndoStep, release: Release | null): Promise<StepAnswer> {
    const times = await this.before(verb, step);
    this.deeds.push({ verb, place: placeKey(step), key: step.key, version: release?.version ?? null });
    if (release) this.running.set(placeKey(step), release);
    else this.running.delete(placeKey(step));
    this.lostAnswer.get(placeKey(step))?.(verb, times);
    return { status: 'done' };
  }

  private async before(verb: Verb, place: Place): Promise<number> {
    const key = `${verb} ${placeKey(place)}`;
    const times = (this.times.get(key) ?? 0) + 1;
    this.times.set(key, times);
    await this.trouble.get(placeKey(place))?.(verb, times);
    return times;
  }

  /** The schema of a database, by the text that leads to it; see `fakeDatabase`. */
  database(where: string): FakeDatabase {
    const database = this.databases.get(where) ?? fakeDatabase(this.deeds);
    this.databases.set(where, database);
    return database;
  }

  source(where: string): MetricSource {
    const [place = ''] = where.split('@');
    const looksAt = this.metrics.get(where) ?? this.metrics.get(place) ?? (() => healthy);
    const pastOf = this.pasts.get(where) ?? this.pasts.get(place) ?? (() => []);
    return {
      look: async (checks) => ({ samples: Object.fromEntries(checks.map((check) => [check.name, looksAt(check)])), cursor: null }),
      history: async (checks, range) => Object.fromEntries(checks.map((check) => [check.name, pastOf(check, range)])),
      selfTest: async (checks) => checks.map(({ name }) => ({ check: name, outcome: 'works', saw: 'it failed when it had to' })),
    };
  }
}

/**
 * What a worker works with when its regions are fake: one world for each pipeline. A scrape url of `<pipeline>|{{ place }}` leads to
 * the metrics of the region and release that are asked for.
 */
export function fakeDependencies(worldFor: (pipeline: string) => FakeWorld, client: Client): Dependencies {
  return {
    connectTarget: () => ({
      current: (place, signal) => worldFor(place.pipeline).target().current(place, signal),
      deploy: (step, signal) => worldFor(step.pipeline).target().deploy(step, signal),
      verify: (step, signal) => worldFor(step.pipeline).target().verify(step, signal),
      undo: (step, signal) => worldFor(step.pipeline).target().undo(step, signal),
    }),
    connectDatabase: ({ url }) => {
      const [pipeline = '', where = ''] = url.split('|');
      return worldFor(pipeline).database(where.split('@')[0]!);
    },
    connectMetrics: (settings) => {
      const [pipeline = '', where = ''] = settings.url.split('|');
      return worldFor(pipeline).source(where);
    },
    askGatekeeper: (gate, question, ...rest) => worldFor(question.pipeline).gatekeeper(gate, question, ...rest),
    resolveVariables: async () => ({ variables: {}, secretNames: [] }),
    fillIn: (settings, { environment, region = '', release }) =>
      JSON.parse(JSON.stringify(settings).replaceAll('{{ place }}', `${environment}/${region}@${release ?? ''}`)) as typeof settings,
    verifyFolder: async () => undefined,
    notifier: { notify: async (notice) => void worldFor(notice.pipeline).notices.push(notice) },
    client,
    now: Date.now,
  };
}

export const healthy: Sample = { kind: 'ratio', bad: 0, total: 1_000 };
export const sick: Sample = { kind: 'ratio', bad: 400, total: 1_000 };
export const silent: Sample = { kind: 'no-data', reason: 'the source answered nothing' };
