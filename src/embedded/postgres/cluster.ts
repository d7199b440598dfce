import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ended } from '../child.js';
import { SetupFailure } from '../setup-failure.js';
import { accountFor, closedFolder, type Account } from './account.js';
import type { Binaries } from './binaries.js';

/** The folder of one server: its data, its log and the password of its only user. */
export interface Cluster {
  folder: string;
  data: string;
  log: string;
  password: string;
  /** Undefined: the server runs as we do. */
  account: Account | undefined;
}

export const dataOf = (folder: string): string => path.join(folder, 'data');

/** The only user of a cluster, and its owner. Not `meridian`: its tables would land in the ledger's schema of that name, which `"$user"` of a search path means then. */
export const superuser = 'shop_owner';

/** The cluster in `folder`, made now unless it is there. Throws `SetupFailure` naming a folder that the server's user cannot enter. */
export async function openCluster(folder: string, binaries: Binaries, signal: AbortSignal): Promise<Cluster> {
  const data = dataOf(folder);
  const account = await accountFor(data);
  try {
    await mkdir(folder, { recursive: true });
    await expectReachable([path.dirname(folder), path.dirname(binaries.postgres)], account);
    if (account !== undefined) await chown(folder, account.uid, account.gid);
    await chmod(folder, 0o700);
    const password = await openPassword(path.join(folder, 'password'), account);
    if (!(await isThere(data))) await initialise(binaries, folder, account, signal);
    return { folder, data, log: path.join(folder, 'server.log'), password, account };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SetupFailure || !['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new SetupFailure(
      `The database in ${folder} belongs to another user (${(error as Error).message}). Start as that user, remove the folder to begin with an empty `
        + 'database, or name another folder with MERIDIAN_HOME.',
      { cause: error },
    );
  }
}

async function expectReachable(folders: string[], account: Account | undefined): Promise<void> {
  if (account === undefined) return;
  const closed = (await Promise.all(folders.map((folder) => closedFolder(folder, account)))).find((each) => each !== undefined);
  if (closed === undefined) return;
  throw new SetupFailure(
    `PostgreSQL does not run as root, and the user ${account.name}, which it would run as, cannot enter ${closed}. Start as another user than root; or `
      + `let others pass through that folder (chmod o+x ${closed}); or keep Meridian elsewhere, and its data with MERIDIAN_HOME.`,
  );
}

/** Made once; who can read it may do everything in the database. */
async function openPassword(file: string, account: Account | undefined): Promise<string> {
  if (!(await isThere(file))) {
    await writeFile(`${file}.new`, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (account !== undefined) await chown(`${file}.new`, account.uid, account.gid);
    await rename(`${file}.new`, file);
  }
  return await readFile(file, 'utf8');
}

/**
 * Beside its place first: a cluster that is there is whole, whenever we are killed. It does not wait for the disk, which would take several times
 * as long: only a machine that loses its power in the first half-minute loses a database in which there is nothing yet.
 */
async function initialise({ initdb }: Binaries, folder: string, account: Account | undefined, signal: AbortSignal): Promise<void> {
  const fresh = path.join(folder, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  const child = spawn(initdb, [
    '--pgdata', fresh, '--username', superuser, '--pwfile', path.join(folder, 'password'), '--auth=scram-sha-256',
    '--encoding=UTF8', '--locale=C', '--data-checksums', '--no-instructions', '--no-sync',
  ], { ...runAs(account), cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], signal });
  const { code, stderr } = await ended(child);
  if (code !== 0) throw new SetupFailure(`PostgreSQL could not make a database in ${folder} (initdb ended with ${code}): ${stderr.trim()}`);
  await rename(fresh, dataOf(folder));
}

/** How a program of PostgreSQL is started: as its user, and with nothing of ours that would change what it does. */
export function runAs(account: Account | undefined): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...(account && { uid: account.uid, gid: account.gid }), env: { ...Object.fromEntries(kept), LC_ALL: 'C' } };
}

const isThere = (file: string): Promise<boolean> => stat(file).then(() => true, (error: unknown) => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw error;
});
