import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SetupFailure } from '../setup-failure.js';

/** The user that a server runs as when we are root, which PostgreSQL refuses to run as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Undefined where we are not root: then it runs as we do. Otherwise whoever owns the data already, or `postgres`, or `nobody`.
 * Throws `SetupFailure`.
 */
export async function accountFor(data: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readAccounts();
  const owner = await stat(data).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    return { name: accounts.find(({ uid }) => uid === owner.uid)?.name ?? `${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  const account = ['postgres', 'nobody'].map((name) => accounts.find((each) => each.name === name)).find((each) => each !== undefined);
  if (account !== undefined) return account;
  throw new SetupFailure('PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody`: start as another user than root.');
}

async function readAccounts(): Promise<Account[]> {
  return (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }));
}

/** The outermost folder on the way to `folder` that the account may not enter; undefined when it may enter all that there are. */
export async function closedFolder(folder: string, account: Account): Promise<string | undefined> {
  const parent = path.dirname(folder);
  const above = parent === folder ? undefined : await closedFolder(parent, account);
  return above ?? ((await mayEnter(folder, account)) ? undefined : folder);
}

async function mayEnter(folder: string, { uid, gid }: Account): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return true;
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}
