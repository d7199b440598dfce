import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/wait-for.js';

const program = fileURLToPath(new URL('hold-service.ts', import.meta.url));

interface Holder {
  child: ChildProcess;
  says: (text: string) => Promise<unknown>;
  ended: Promise<[code: number | null, signal: string | null]>;
}

function hold(manner: 'on-request' | 'never' | 'by-itself'): Holder {
  const child = spawn(process.execPath, ['--import', 'tsx', program, manner], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const ended = once(child, 'close') as Holder['ended'];
  return { child, ended, says: (text) => waitFor(`it says: ${text}`, () => output.includes(text)) };
}

it.each(['SIGTERM', 'SIGINT'] as const)('%s lets the service finish what is in hand', async (signal) => {
  const { child, says, ended } = hold('on-request');
  await says('serving');
  child.kill(signal);
  await says(`${signal}: finishing what is in hand\nended in order`);
  expect(await ended).toEqual([0, null]);
});

it('a second signal ends the process at once', async () => {
  const { child, says, ended } = hold('never');
  await says('serving');
  child.kill('SIGTERM');
  await says('finishing what is in hand');
  child.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});

it('a service that ends by itself ends the command with its reason', async () => {
  const { says, ended } = hold('by-itself');
  await says('failed: the connection is gone');
  expect(await ended).toEqual([0, null]);
});
