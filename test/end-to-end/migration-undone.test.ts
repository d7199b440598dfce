import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { withClient } from '../../src/embedded/postgres/connect.js';
import { shopRelease } from '../../src/embedded/shop/release.js';
import { shopFolder } from '../../src/embedded/shop/shop.js';
import type { Rollout } from '../../src/rollout/schema/rollout.js';
import { waitFor } from '../support/wait-for.js';
import { allOn, newMachine, places, type Machine } from './machine.js';

/** For a rollout on a machine that has other things to do. */
const patienceMs = 240_000;

const everywhere = <T>(one: T): T[] => places.map(() => one);

// The shop's migration with real regions, databases and customers. Each test goes on where the one before it left the stack.
describe('the split of a name', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await newMachine();
    const up = machine.up(['--release', '1.0.0']);
    await up.says('Everything keeps running until Ctrl-C.');
    // A contract is started by hand here, and waits for nothing.
    const document = parse(await readFile(`${shopFolder}pipeline.yaml`, 'utf8')) as { database: object };
    const body = stringify({ ...document, database: { ...document.database, contract: 'manual', contractAfter: '1s' } });
    await send('PUT', '/v1/pipelines/shop', body, 'application/yaml');
  }, patienceMs);
  afterAll(() => machine.clean());

  async function send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<{ status: number; answer: Record<string, unknown> }> {
    const response = await fetch(`${machine.api}${path}`, {
      method, headers: { 'content-type': type }, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, answer: await response.json() as Record<string, unknown> };
  }

  const until = (id: string, what: string, holds: (seen: Rollout) => boolean): Promise<Rollout> =>
    waitFor(`${id} to be ${what}`, async () => {
      const seen = (await send('GET', `/v1/rollouts/${id}`)).answer as unknown as Rollout;
      return holds(seen) ? seen : undefined;
    }, patienceMs);
  const ended = (id: string, status: Rollout['status']): Promise<Rollout> => until(id, status, (seen) => seen.status === status);
  const decide = (id: string, kind: string, more: object = {}): Promise<unknown> => send('POST', `/v1/rollouts/${id}/${kind}`, { reason: 'the test', ...more });
  const ship = async (): Promise<string> => String((await send('POST', '/v1/rollouts', { pipeline: 'shop', release: await shopRelease('1.1.0') })).answer.id);

  /** Asks every place's database. */
  const ask = async <T>(sql: string): Promise<T[][]> =>
    Promise.all((await machine.databaseUrls()).map((url) => withClient(url, async (client) => (await client.query(sql)).rows as T[])));

  const nameColumns = async (): Promise<string[][]> => (await ask<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'customers' and column_name like '%name' order by name`,
  )).map((rows) => rows.map(({ name }) => name));

  const ledger = (): Promise<unknown[][]> => ask('select name, phase, state from meridian.migrations order by name, phase');

  /** Requests that the regions have answered with an error of their own. */
  async function failed(): Promise<number> {
    const texts = await Promise.all(machine.urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
    return texts.flatMap((text) => [...text.matchAll(/^http_requests_total\{[^}]*status="5\d\d"[^}]*\} (\d+)/gm)]).reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('is undone cleanly before the contract: code first, then the schema, in every region that had it', async () => {
    expect(await nameColumns()).toEqual(everywhere(['name']));
    const id = await ship();
    await until(id, 'soaking in frankfurt', ({ regions }) =>
      regions.some(({ environment, region, status }) => environment === 'production' && region === 'frankfurt' && status === 'soaking'));
    expect(await nameColumns()).toContainEqual(['family_name', 'given_name', 'name']);
    expect(await failed()).toBe(0);
    await decide(id, 'rollback');
    await ended(id, 'rolled-back');
    expect(await machine.ask()).toEqual(allOn('1.0.0'));
    expect(await nameColumns()).toEqual(everywhere(['name']));
    expect(await failed()).toBe(0);
  }, patienceMs);

  it('is not contracted while one region lags on the old release', async () => {
    await send('PUT', '/v1/pipelines/shop/drains/virginia', { reason: 'the test' });
    const id = await ship();
    await until(id, 'waiting for virginia', ({ waitingFor }) => waitingFor.some(({ type }) => type === 'drained'));
    await decide(id, 'skip', { environment: 'production', region: 'virginia' });
    await ended(id, 'succeeded');
    expect(await machine.ask()).toEqual(allOn('1.1.0', { 'production/virginia': '1.0.0' }));
    const { status, answer } = await send('POST', '/v1/contracts', { pipeline: 'shop', migrations: ['0001-split-name'] });
    expect({ status, code: answer.code }).toEqual({ status: 409, code: 'ContractTooEarly' });
    expect(answer.detail).toContain('production/virginia');
    expect(await failed()).toBe(0);
  }, patienceMs);

  it('is contracted when none does: the old shape is gone, every customer is whole, and no request has failed', async () => {
    await send('DELETE', '/v1/pipelines/shop/drains/virginia');
    await waitFor('virginia to follow', async () => (await machine.ask()).every(({ release }) => release === '1.1.0'), patienceMs);
    const started = await waitFor('the contract to be due', async () => {
      const { status, answer } = await send('POST', '/v1/contracts', { pipeline: 'shop' });
      return status === 202 ? String(answer.id) : undefined;
    }, patienceMs);
    await ended(started, 'succeeded');
    expect(await nameColumns()).toEqual(everywhere(['family_name', 'given_name']));
    expect(await ask('select count(*) >= 50000 as "isAll", count(*) filter (where given_name is null)::int as nameless from customers')).toEqual(everywhere([{ isAll: true, nameless: 0 }]));
    expect(await ledger()).toEqual(everywhere([
      { name: '0001-split-name', phase: 'contract', state: 'done' }, { name: '0001-split-name', phase: 'expand', state: 'done' },
    ]));
    expect(await failed()).toBe(0);
  }, patienceMs);

  it('leaves no way back to a release that needs the old shape', async () => {
    const { status, answer } = await send('POST', '/v1/rollouts', { pipeline: 'shop', release: await shopRelease('1.0.0') });
    expect({ status, code: answer.code }).toEqual({ status: 409, code: 'SchemaIncompatible' });
    expect(answer.detail).toContain('0001-split-name');
  });
});
