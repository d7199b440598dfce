import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { identify, isAlive, ownIdentity, startTimeFromPs } from '../../../src/adapters/process/identity.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

async function sleeper(): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn('/bin/sleep', ['60']);
  onTestFinished(() => { child.kill('SIGKILL'); });
  await once(child, 'spawn');
  return { pid: child.pid!, end: async () => { child.kill('SIGKILL'); await once(child, 'close'); } };
}

it('knows a process by more than its number', async () => {
  const first = (await identify((await sleeper()).pid))!;
  await sleep(20); // start times are counted in hundredths of a second
  const second = (await identify((await sleeper()).pid))!;
  expect(await isAlive(first)).toBe(true);
  expect(await isAlive({ ...first, startTime: second.startTime })).toBe(false);
  expect(await identify(first.pid)).toEqual(first);
});

it('knows nobody where a process has ended', async () => {
  const { pid, end } = await sleeper();
  const identity = (await identify(pid))!;
  await end();
  expect(await identify(pid)).toBeNull();
  expect(await isAlive(identity)).toBe(false);
});

it('takes a process that has ended, and that nobody has collected, for dead', async () => {
  // The shell starts a child and becomes a program that never asks for it.
  const parent = spawn('/bin/sh', ['-c', '/bin/sleep 60 & echo $!; exec /bin/sleep 60'], { detached: true });
  onTestFinished(() => { process.kill(-parent.pid!, 'SIGKILL'); });
  const [output] = await once(parent.stdout, 'data') as [Buffer];
  await waitFor('the shell is a shell no more', async () => (await readFile(`/proc/${parent.pid}/comm`, 'utf8')) === 'sleep\n');
  const pid = Number(String(output));
  process.kill(pid, 'SIGKILL');
  await waitFor('the child is dead', async () => (await identify(pid)) === null);
  expect(() => process.kill(pid, 0), 'it still has its number').not.toThrow();
  expect(await startTimeFromPs(pid)).toBeNull();
});

it('asks ps the same question where there is no /proc', async () => {
  const { pid, end } = await sleeper();
  expect(await startTimeFromPs(pid)).toMatch(/^\w{3} \w{3} \d+ [\d:]+ \d{4}$/);
  await end();
  expect(await startTimeFromPs(pid)).toBeNull();
});

it('is not confused by the name of a program', async () => {
  const program = `${await temporaryFolder()}/a) Z 1 (b`;
  await copyFile('/bin/sleep', program);
  await chmod(program, 0o755);
  const child = spawn(program, ['60']);
  onTestFinished(() => { child.kill('SIGKILL'); });
  await once(child, 'spawn');
  expect(await identify(child.pid!)).toMatchObject({ pid: child.pid, startTime: expect.stringMatching(/^[0-9a-f-]{36}\/\d+$/) });
});

it('knows itself', async () => {
  expect(await ownIdentity()).toEqual(await identify(process.pid));
});
