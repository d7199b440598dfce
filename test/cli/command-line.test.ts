import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../support/free-ports.js';
import { ok, problem, startFakeApi } from './fake-api.js';
import type { CliRun } from './run-cli.js';
import { held, running } from './sample-rollouts.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The command as a person runs it, in a process of its own. */
async function meridian(env: NodeJS.ProcessEnv, ...argv: string[]): Promise<CliRun> {
  const child = spawn(process.execPath, ['bin/meridian.js', ...argv], { cwd: root, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return { exitCode, stdout, stderr };
}

it('prints its version', async () => {
  const { version } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { version: string };
  expect(await meridian({}, '--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

it('shows the help with every group of commands and the exit codes', async () => {
  const { exitCode, stdout } = await meridian({}, '--help');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Start:[\s\S]*Ship:[\s\S]*Look:[\s\S]*Decide:[\s\S]*Tools:[\s\S]*Exit codes:\n {2}0 /);
});

it('takes the address, the user and the token from the environment', async () => {
  const api = await startFakeApi(() => ok({ items: [] }));
  const { exitCode, stdout } = await meridian({ MERIDIAN_API: api.url, MERIDIAN_USER: 'Zoë', MERIDIAN_TOKEN: 'let-me-in' }, 'board');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'No pipeline yet: `apply -f pipeline.yaml` adds one.\n' });
  expect(api.received[0]!.headers).toMatchObject({ authorization: 'Bearer let-me-in', 'meridian-user': 'Zo%C3%AB' });
});

it('finds the API by the host and port of the configuration', async () => {
  const api = await startFakeApi(() => ok({ items: [] }));
  expect((await meridian({ MERIDIAN_PORT: String(api.port) }, 'board')).exitCode).toBe(0);
});

it('names the variable of the environment that is not right', async () => {
  const { exitCode, stderr } = await meridian({ MERIDIAN_PORT: 'http' }, 'board');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('MERIDIAN_PORT');
});

it('waits for a rollout through a pipe: a line for each change, no colour, the exit code of its end', async () => {
  const api = await startFakeApi(({ method }) => ok(method === 'POST' ? running : held));
  const { exitCode, stdout } = await meridian({ MERIDIAN_API: api.url }, 'ship', 'shop', '1.2.0', '--wait');
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^shop-3 1\.1\.0: running\..*\nshop-3 in the Temporal UI: http.*\n(shop-3 production\/.*\n)*shop-3 1\.2\.0: held\..*\n$/);
  expect(stdout).not.toContain('\u001b');
});

it('keeps standard output to one JSON value', async () => {
  const api = await startFakeApi(() => ok(running));
  const { exitCode, stdout, stderr } = await meridian({ MERIDIAN_API: api.url }, 'status', 'shop-3', '--output', 'json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(running);
});

it('writes a large answer to a pipe to its end', async () => {
  const timeline = Array.from({ length: 5_000 }, (_, at) => ({ at: running.createdAt, kind: 'region' as const, text: `step ${at} of a long story` }));
  const api = await startFakeApi(() => ok({ ...running, timeline }));
  const { stdout } = await meridian({ MERIDIAN_API: api.url }, 'status', 'shop-3', '--output', 'json');
  expect(JSON.parse(stdout)).toEqual({ ...running, timeline });
});

it('ends quietly when its reader has seen enough', async () => {
  const api = await startFakeApi((_request, count) => ok({ ...running, why: `answer ${count}` }));
  const child = spawn(process.execPath, ['bin/meridian.js', '--api', api.url, 'status', 'shop-3', '--watch', '--output', 'json'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stderr = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await once(child, 'exit');
  expect(await stderr).toBe('');
});

it.each([
  ['nobody listens', 1, 'Nothing listens at'],
  ['the API refuses', 1, 'There is no such rollout'],
])('ends with a message on standard error when %s', async (title, expected, message) => {
  const api = title === 'nobody listens' ? { url: `http://127.0.0.1:${(await freePorts(1))[0]}` } : await startFakeApi(() => problem(404, { title: 'There is no such rollout' }));
  const { exitCode, stdout, stderr } = await meridian({ MERIDIAN_API: api.url }, 'status', 'shop-9');
  expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
  expect(stderr).toContain(message);
});

it('refuses a command line that is not right', async () => {
  expect(await meridian({}, 'ship')).toMatchObject({ exitCode: 64, stdout: '' });
});
