import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaPhase } from '../../../src/rollout/schema/migration.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { waitFor } from '../../support/wait-for.js';
import { expectLedgerIsSchema, expectWhole, migration, slowly } from './killed-migration.js';
import type { Verb } from './migrating-worker.js';
import { listener, never, newRegion, stepOf, type TestRegion } from './region-database.js';

const kills = Number(process.env.MERIDIAN_TEST_KILLS ?? 20);
const seed = Number(process.env.MERIDIAN_TEST_SEED ?? Date.now() % 1_000_000);
const rows = 4_000;

/** Mulberry32: the same seed kills in the same order, at the same delays. */
function random(state: number): () => number {
  let next = state;
  return () => {
    next = (next + 0x6d2b79f5) | 0;
    let mixed = Math.imul(next ^ (next >>> 15), 1 | next);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let server: TestPostgres;
let region: TestRegion;
let worker: ChildProcess;

beforeAll(async () => {
  // Unlike the others it says what it has on the disk: a killed server must find it again.
  server = await startPostgres({ settings: { synchronous_commit: 'on' } });
  region = await newRegion(server, { lockTimeout: '2s' });
  await region.ask(`insert into customers select n, 'Ann Bell ' || n from generate_series(101, ${rows}) as n`);
  await region.ask(slowly);
  await region.ask('vacuum analyze customers');
  worker = await startWorker();
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await server?.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const child = fork(new URL('migrating-worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  return child;
}

/** What may be asked of a database where a migration is in this phase: on, or back. */
const ways: Record<SchemaPhase | 'absent', Verb[]> = {
  absent: ['expand'],
  expanding: ['expand', 'undoExpand'],
  expanded: ['contract', 'undoExpand'],
  contracting: ['contract', 'undoContract'],
  contracted: ['undoContract'],
};

type Answer = { done: true } | { done: false; code?: string; message: string };

/** Lets the worker take the step, and kills it or the server after a while, unless it was faster. */
async function takeKilled(verb: Verb, victim: 'worker' | 'server', afterMs: number): Promise<'done' | 'killed'> {
  const answer = once(worker, 'message').then(([said]) => said as Answer);
  worker.send({ verb, url: region.url });
  const first = await Promise.race([answer, sleep(afterMs)]);
  if (first !== undefined) return endOf(first);
  if (victim === 'server') {
    await server.kill();
    await server.restart();
    return endOf(await answer);
  }
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
  worker = await startWorker();
  return 'killed';
}

/** Without a server nothing but that may be said, and the step is tried again. */
function endOf(answer: Answer): 'done' | 'killed' {
  if (answer.done) return 'done';
  if (answer.code !== 'DatabaseUnreachable') throw new Error(`of a killed server the worker says ${JSON.stringify(answer)}`);
  return 'killed';
}

/** Nobody works for a worker that is no more: the server notices, and gives its lock up. */
const untilQuiet = (): Promise<true> => waitFor('no statement of a killed worker runs', async () =>
  (await region.ask("select from pg_stat_activity where application_name = 'meridian' and datname = current_database()")).length === 0 || undefined).then(() => true);

describe(`a worker or a server that is killed, ${kills} times at random (MERIDIAN_TEST_SEED=${seed})`, { timeout: 60_000 + kills * 20_000 }, () => {
  it('leaves a ledger that equals the schema, and the step goes on or is taken back', async () => {
    const chance = random(seed);
    for (let killed = 0, round = 0; killed < kills; round += 1) {
      const before = await region.database.schema(stepOf([]), never);
      const choices = ways[before.m ?? 'absent'];
      const verb = choices[Math.floor(chance() * choices.length)]!;
      const victim = chance() < 0.5 ? 'worker' : 'server';
      const when = `round ${round}: ${verb} from ${before.m ?? 'absent'}, ${victim} killed`;
      // Some get through, or contracts would seldom have their turn.
      const answer = await takeKilled(verb, victim, chance() < 0.25 ? 60_000 : Math.floor(chance() ** 2 * 900));
      await untilQuiet();
      await expectLedgerIsSchema(region, when);
      if (answer === 'done') await expectWhole(region, await region.database.schema(stepOf([]), never), rows, `${when}, too late`);
      else killed += 1;
    }
    await goHome();
  });
});

/** In the end it can all be taken back, and applied anew. */
async function goHome(): Promise<void> {
  const step = stepOf([migration]);
  await region.database.undoContract(step, never);
  const { schema } = await region.database.undoExpand(step, never);
  await expectWhole(region, schema, rows, 'taken back');
  expect(await region.ask("select proname from pg_proc where pronamespace = 'meridian'::regnamespace")).toEqual([]);
  await expectWhole(region, await region.database.expand(step, listener(), never), rows, 'expanded in the end');
  await expectWhole(region, await region.database.contract(step, listener(), never), rows, 'contracted in the end');
}
