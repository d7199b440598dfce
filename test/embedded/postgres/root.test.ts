import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { accountFor, closedFolder } from '../../../src/embedded/postgres/account.js';
import { dataOf } from '../../../src/embedded/postgres/cluster.js';
import { withClient } from '../../../src/embedded/postgres/connect.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { newPlace, open } from './places.js';

describe.runIf(process.getuid?.() === 0)('started by root (skipped for anybody else)', () => {
  it('runs as another user, who owns the data', async () => {
    const place = await newPlace();
    const server = await open(place);
    const account = await accountFor('/nowhere');
    expect(account!.uid).not.toBe(0);
    expect((await stat(dataOf(place.folder))).uid).toBe(account!.uid);
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(account!.uid);
    expect((await withClient(server.url(), (client) => client.query('select 1 as one'))).rows).toEqual([{ one: 1 }]);
  });

  it('names the folder that this user cannot enter, before anything is made', async () => {
    const home = await temporaryFolder();
    const closed = path.join(home, 'closed');
    await chmod(home, 0o755);
    await mkdir(closed, { mode: 0o700 });
    const folder = path.join(closed, 'postgres', 'production-sydney');
    await expect(open({ folder, port: 1, what: 'production/sydney' })).rejects.toThrow(
      new RegExp(`^PostgreSQL does not run as root, and the user \\w+, which it would run as, cannot enter ${closed}\\. .*chmod o\\+x ${closed}.*MERIDIAN_HOME`));
    await expect(stat(dataOf(folder))).rejects.toThrow('ENOENT');
  });

  it('says whose a folder is that another user cannot use', async () => {
    const place = await newPlace();
    await (await open(place)).stop();
    const at = (file: string): string => JSON.stringify(path.resolve('src/embedded/postgres', file));
    const script = `
      const { openCluster } = await import(${at('cluster.ts')});
      const { findBinaries } = await import(${at('binaries.ts')});
      await openCluster(${JSON.stringify(place.folder)}, await findBinaries(undefined), new AbortController().signal).catch((error) => process.stdout.write(error.message));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { uid: 54_321, gid: 54_321, stdio: ['ignore', 'pipe', 'pipe'] });
    const [said, wrong] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect(`${said}${wrong}`).toContain(`The database in ${place.folder} belongs to another user`);
  });
});

it('a folder is closed to a user by any folder above it, and one that is not there yet to nobody', async () => {
  const home = await temporaryFolder();
  await chmod(home, 0o755);
  const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
  expect(await closedFolder(path.join(home, 'new', 'folder'), stranger)).toBeUndefined();
  await mkdir(path.join(home, 'a', 'b'), { recursive: true });
  await chmod(path.join(home, 'a'), 0o750);
  expect(await closedFolder(path.join(home, 'a', 'b'), stranger)).toBe(path.join(home, 'a'));
  const { uid, gid } = await stat(path.join(home, 'a'));
  expect(await closedFolder(path.join(home, 'a', 'b'), { name: 'owner', uid, gid: 1 })).toBeUndefined();
  expect(await closedFolder(path.join(home, 'a', 'b'), { name: 'member', uid: 54_321, gid })).toBeUndefined();
});
