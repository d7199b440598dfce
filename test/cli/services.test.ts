import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../support/free-ports.js';
import { waitFor } from '../support/wait-for.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function start(command: 'server' | 'worker', env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['bin/meridian.js', command], {
    cwd: root, env: { PATH: process.env.PATH, MERIDIAN_LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, stdout: text(child.stdout), stderr: text(child.stderr), ended: once(child, 'close') as Promise<[number | null]> };
}

it('meridian server serves until SIGTERM, and says where', async () => {
  const [port, nobody] = await freePorts(2);
  const { child, stdout, ended } = start('server', { MERIDIAN_PORT: String(port), TEMPORAL_ADDRESS: `127.0.0.1:${nobody}` });
  await waitFor('the API answers', async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await stdout).toBe(`The API listens on http://127.0.0.1:${port}, its pages on http://127.0.0.1:${port}/docs.\nSIGTERM: finishing what is in hand\n`);
});

it('meridian server refuses what would let anybody in', async () => {
  const { stderr, ended } = start('server', { MERIDIAN_HOST: '0.0.0.0' });
  expect(await ended).toEqual([1, null]);
  expect(await stderr).toContain('Set MERIDIAN_TOKENS, or listen on 127.0.0.1.');
});

it('meridian worker says where it looked for Temporal', async () => {
  const [nobody] = await freePorts(1);
  const { stderr, ended } = start('worker', { TEMPORAL_ADDRESS: `127.0.0.1:${nobody}` });
  expect(await ended).toEqual([1, null]);
  expect(await stderr).toContain(`Temporal cannot be reached at 127.0.0.1:${nobody}. Start it, or name its address with TEMPORAL_ADDRESS.`);
});
