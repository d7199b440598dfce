import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { RegionDatabase, SchemaProgress } from '../../activities/ports/database.js';
import { postgresDatabase } from '../../src/adapters/postgres/database.js';
import { Database } from '../../src/rollout/schema/database.js';
import type { PlaceSchema } from '../../src/rollout/schema/migration.js';
import { makeCustomers, outOfStep, shapeOf, splitName } from './customers.js';
import { Client, type ReleaseName, type Tally } from './load.js';

export interface LifeSettings {
  /** Of a database that is empty. */
  url: string;
  rows: number;
  /** Queries a second, of both releases together. */
  rate: number;
  batch: number;
  lockTimeoutMs: number;
  /** How long somebody's transaction holds a row of the table, once in each phase (ms). */
  holdMs: number;
  /** How long it is quiet before, between and after the phases (ms). */
  restMs: number;
}

export const contractDown = 'contract taken back';

/** A stretch of the life of a migration, and what its clients saw. */
export interface Stretch {
  what: string;
  seconds: number;
  tally: Tally;
  /** What the ledger says at its end. */
  ledger: PlaceSchema;
  shape: string[];
}

/**
 * A migration in one database under load, there and back: before it, the expand with its backfill while old and (as soon as there are triggers) new release write, both for a
 * while, the contract while only the new release is left, its way back, and the expand's.
 */
export async function liveThrough(settings: LifeSettings): Promise<{ stretches: Stretch[]; outOfStep: number[] }> {
  const client = await connect(settings.url);
  await makeCustomers(client, settings.rows);
  const database = postgresDatabase()(Database.parse({ type: 'postgres', url: settings.url, lockTimeout: `${settings.lockTimeoutMs}ms` }));
  const life = new Life(settings, client, database);
  try {
    return await life.live();
  } finally {
    await life.end();
    await database.close();
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // The next query is told.
  await client.connect();
  return client;
}

const never = new AbortController().signal;
const progress: SchemaProgress = { say: () => undefined, mayGoOn: async () => undefined };

class Life {
  private readonly running = new Map<ReleaseName, Client>();
  private readonly stretches: Stretch[] = [];

  constructor(private readonly settings: LifeSettings, private readonly client: pg.Client, private readonly database: RegionDatabase) {}

  async live(): Promise<{ stretches: Stretch[]; outOfStep: number[] }> {
    const { database } = this;
    const step = { pipeline: 'shop', place: 'production/frankfurt', rollout: 'shop-1', migrations: [await splitName(this.settings.batch)] };
    const differing: number[] = [];
    const { restMs } = this.settings;
    this.start('old');
    await this.stretch('before', () => sleep(restMs));
    await this.stretch('expand and backfill', () => Promise.all([this.hold(), database.expand(step, progress, never), this.startWhenTriggered()]));
    await this.stretch('both releases', () => sleep(restMs));
    differing.push(await outOfStep(this.client));
    await this.stop('old');
    await this.stretch('contract', () => Promise.all([this.hold(), database.contract(step, progress, never)]));
    await this.stretch('new release alone', () => sleep(restMs));
    await this.stretch(contractDown, () => Promise.all([this.hold(), database.undoContract(step, never)]));
    this.start('old');
    await this.stretch('both releases again', () => sleep(restMs));
    differing.push(await outOfStep(this.client));
    await this.stop('new');
    await this.stretch('expand taken back', () => Promise.all([this.hold(), database.undoExpand(step, never)]));
    await this.stop('old');
    return { stretches: this.stretches, outOfStep: differing };
  }

  /** Also when it went wrong. */
  async end(): Promise<void> {
    await Promise.all([...this.running.values()].map((client) => client.stop()));
    this.running.clear();
  }

  private start(release: ReleaseName): void {
    const { url, rows, rate } = this.settings;
    const client = new Client(url, release, rows, rate / 2);
    this.running.set(release, client);
    client.start();
  }

  private async stop(release: ReleaseName): Promise<void> {
    const client = this.running.get(release)!;
    await client.stop();
    this.running.delete(release);
    const last = this.stretches.at(-1)!;
    last.tally = sum([last.tally, client.take()]);
  }

  /** A release of which the shape is not there yet is nowhere: it comes when both sides are kept in step, earlier than a rollout would bring it. */
  private async startWhenTriggered(): Promise<void> {
    while (!(await shapeOf(this.client)).some((each) => each.startsWith('trigger'))) await sleep(20);
    this.start('new');
  }

  /** Somebody's long transaction: it has written a row and read the table. */
  private async hold(): Promise<void> {
    const holder = await connect(this.settings.url);
    await holder.query('begin; update customers set orders = orders + 1 where id = 1');
    await sleep(this.settings.holdMs);
    await holder.query('commit');
    await holder.end();
  }

  private async stretch(what: string, live: () => Promise<unknown>): Promise<void> {
    const begunMs = performance.now();
    await live();
    const seconds = (performance.now() - begunMs) / 1_000;
    const tally = sum([...this.running.values()].map((client) => client.take()));
    const ledger = await this.database.schema({ pipeline: 'shop', place: 'production/frankfurt' }, never);
    this.stretches.push({ what, seconds, tally, ledger, shape: await shapeOf(this.client) });
  }
}

const sum = (tallies: Tally[]): Tally => ({
  queries: tallies.reduce((count, { queries }) => count + queries, 0),
  failures: tallies.flatMap(({ failures }) => failures),
  lost: tallies.flatMap(({ lost }) => lost),
  tookMs: tallies.flatMap(({ tookMs }) => tookMs),
});
