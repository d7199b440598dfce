import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { identify } from '../../../src/adapters/process/identity.js';
import { withLock } from '../../../src/adapters/process/lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { killNow, noSignal } from './region-under-test.js';

const lockFile = async (): Promise<string> => path.join(await temporaryFolder(), 'lock');

/** As many at once as asked for; answers how many of them were inside together, at most. */
async function crowd(file: string, count: number): Promise<number> {
  let inside = 0;
  let most = 0;
  await Promise.all(Array.from({ length: count }, () => withLock(file, noSignal, async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(2);
    inside -= 1;
  })));
  return most;
}

/** The lock file of a process that was killed with it. */
async function deadHolder(): Promise<string> {
  const holder = spawn('sleep', ['60']);
  await once(holder, 'spawn');
  const identity = await identify(holder.pid!);
  await killNow(holder.pid!);
  return JSON.stringify(identity);
}

it('lets one in at a time and leaves nothing behind', async () => {
  const file = await lockFile();
  expect(await crowd(file, 10)).toBe(1);
  expect(await readdir(path.dirname(file))).toEqual([]);
});

it('is free again after work that failed', async () => {
  const file = await lockFile();
  await expect(withLock(file, noSignal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, noSignal, () => Promise.resolve('yes'))).toBe('yes');
});

it('takes the lock of a dead holder over, and only one of many who want it at once', async () => {
  const dead = await deadHolder();
  for (let round = 0; round < 5; round += 1) {
    const file = await lockFile();
    await writeFile(file, dead);
    expect(await crowd(file, 10)).toBe(1);
    expect(await readdir(path.dirname(file))).toEqual([]);
  }
});

it('takes over from one who died while taking over', async () => {
  const file = await lockFile();
  const dead = await deadHolder();
  await Promise.all([writeFile(file, dead), writeFile(`${file}.break`, dead)]);
  expect(await crowd(file, 5)).toBe(1);
});

it('takes over a file that a power cut has left empty', async () => {
  const file = await lockFile();
  await writeFile(file, '');
  expect(await crowd(file, 3)).toBe(1);
});

it('waits for a living holder only as long as it is wanted', async () => {
  const file = await lockFile();
  await withLock(file, noSignal, async () => {
    const holder = await readFile(file, 'utf8');
    await expect(withLock(file, AbortSignal.timeout(100), () => Promise.resolve())).rejects.toThrow(/abort|timeout/i);
    expect(await readFile(file, 'utf8')).toBe(holder);
  });
});
