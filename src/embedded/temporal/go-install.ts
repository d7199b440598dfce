import { execFile, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { formatDuration } from '../../rollout/duration.js';
import type { Teller } from '../teller.js';
import { fillCache } from './cached.js';
import { ended } from '../child.js';
import { findExecutable } from './on-path.js';
import { reachMs, type Found, type TemporalSource } from './source.js';

// The newest CLI that `go install` takes: later ones have a local `replace` in their go.mod.
const module = 'github.com/temporalio/cli';
const version = 'v1.5.1';
const oldestGo = [1, 25] as const;

/** A build that is not through by then hangs. It takes two to three minutes on two cores. */
const buildMs = 30 * 60_000;

const run = promisify(execFile);

/** Builds the CLI from source, with the Go of this machine. */
export const goInstall = (home: string, env: NodeJS.ProcessEnv, limitMs = reachMs): TemporalSource => ({
  name: 'a build from source with Go',
  async get(tell, signal) {
    const go = await findExecutable('go', env.PATH);
    if (go === undefined) return { missing: 'no `go` on the PATH' };
    const lack = (await whyTooOld(go, env)) ?? (await whyOutOfReach(go, env, tell, limitMs));
    if (lack !== undefined) return { missing: lack };
    return await build(go, home, env, tell, signal);
  },
});

async function whyTooOld(go: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(go, ['version'], { env, timeout: reachMs });
    const found = /\bgo(\d+)\.(\d+)/.exec(stdout);
    if (found === null) return `${go} answered ${JSON.stringify(stdout.trim())} when asked for its version`;
    const [major, minor] = [Number(found[1]), Number(found[2])];
    const isTooOld = major < oldestGo[0] || (major === oldestGo[0] && minor < oldestGo[1]);
    return isTooOld ? `${go} is Go ${major}.${minor}, and ${oldestGo.join('.')} or later is needed` : undefined;
  } catch (error) {
    return `${go} cannot be used: ${(error as Error).message}`;
  }
}

/** Asks for the module alone, which is a small request, before the long build. */
async function whyOutOfReach(go: string, env: NodeJS.ProcessEnv, tell: Teller, limitMs: number): Promise<string | undefined> {
  tell.progress(`looking for ${module} ${version}`);
  try {
    await run(go, ['list', '-m', `${module}@${version}`], { env: outsideModules(env), cwd: os.tmpdir(), timeout: limitMs });
    return undefined;
  } catch (error) {
    const { killed, stderr } = error as { killed?: boolean; stderr?: string };
    return killed ? `the module proxy did not answer within ${formatDuration(limitMs)}` : stderr?.trim().split('\n').at(-1) || (error as Error).message;
  }
}

async function build(go: string, home: string, env: NodeJS.ProcessEnv, tell: Teller, signal: AbortSignal): Promise<Found> {
  tell.say(`Building the Temporal CLI ${version} with Go into ${path.join(home, 'bin')}: about 2.5 minutes, once.`);
  try {
    return { path: await fillCache(home, (folder) => goInstallInto(folder, go, env, tell, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    return { missing: (error as Error).message };
  }
}

async function goInstallInto(folder: string, go: string, env: NodeJS.ProcessEnv, tell: Teller, signal: AbortSignal): Promise<string> {
  const child = spawn(go, ['install', '-v', `${module}/cmd/temporal@${version}`], {
    env: { ...outsideModules(env), GOBIN: folder },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(buildMs)]),
  });
  const startedAt = performance.now();
  let built = 0;
  let last = 'resolving modules';
  const ticker = setInterval(() => {
    tell.progress(`building the Temporal CLI: ${formatDuration(performance.now() - startedAt)}, ${built} packages, now ${last}`);
  }, 1_000);
  try {
    const { code, stderr } = await ended(child, (text) => {
      const lines = text.split('\n').filter(Boolean);
      built += lines.filter((line) => !line.startsWith('go: ')).length;
      last = lines.at(-1)?.replace(/^go: /, '') ?? last;
    });
    if (code !== 0) throw new Error(`go install ended with ${code}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`);
    return path.join(folder, 'temporal');
  } finally {
    clearInterval(ticker);
  }
}

/** Settings of whatever project or workspace the shell stands in do not reach the build; without cgo it needs no C compiler. */
const outsideModules = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, GO111MODULE: 'on', GOWORK: 'off', CGO_ENABLED: '0' });
