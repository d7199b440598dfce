import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RegionTarget } from '../../activities/ports/region-target.js';
import { scriptTarget } from '../../src/adapters/script-target.js';
import { ScriptTarget } from '../../src/rollout/schema/target.js';
import { deployStep, place, undoStep } from './region-steps.js';

const never = new AbortController().signal;

let base: string;
let folder: string;

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'meridian-scripts-'));
  folder = path.join(base, 'scripts');
  await mkdir(folder);
});
afterAll(() => rm(base, { recursive: true }));

/** Writes a program and gives its name. */
async function program(name: string, body: string, interpreter = '/bin/sh'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!${interpreter}\n${body}\n`);
  await chmod(file, 0o755);
  return name;
}

/** A target that runs the same argument list for every verb. */
function target(argv: string[], timeout = '10s'): RegionTarget {
  const settings = ScriptTarget.parse({ type: 'script', current: argv, deploy: argv, verify: argv, undo: argv, timeout });
  return scriptTarget({ folder })(settings);
}

/** A dead process that nobody has collected yet (a container's process 1 may not) is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false; // ESRCH, or gone between the two looks.
  }
}

describe('a script', () => {
  it('is told what to do on standard input, secrets included, and answers on standard output', async () => {
    const echo = await program('echo.sh', 'cat > request.json; echo \'{"status":"running","message":"half way","retryAfter":3}\'');
    expect(await target([echo]).deploy(deployStep, never)).toEqual({ status: 'running', retryAfterMs: 3_000, message: 'half way' });
    expect(JSON.parse(await readFile(path.join(folder, 'request.json'), 'utf8'))).toEqual({
      action: 'deploy', key: deployStep.key, pipeline: 'shop', environment: 'production', region: 'sydney', rollout: 'shop-12',
      release: deployStep.release, previous: deployStep.previous, variables: { CURRENCY: 'AUD', TOKEN: 'geheim-0815' },
    });
  });

  it('is told the tenant, where it is about one', async () => {
    const echo = await program('tenant.sh', 'cat > request.json; echo \'{"status":"done"}\'');
    await target([echo]).undo({ ...undoStep, tenant: 'acme' }, never);
    expect(JSON.parse(await readFile(path.join(folder, 'request.json'), 'utf8'))).toMatchObject({ action: 'undo', region: 'sydney', tenant: 'acme' });
  });

  it('says what runs', async () => {
    expect(await target([await program('current.sh', 'echo \'{"status":"done","release":"1.0.0"}\'')]).current(place, never)).toEqual({ version: '1.0.0' });
    expect(await target([await program('empty.sh', 'echo \'{"status":"done","release":null}\'')]).current(place, never)).toBeNull();
  });

  it('gets its arguments as they are: no shell reads them', async () => {
    const args = await program('args.js', 'console.log(JSON.stringify({ status: "running", message: JSON.stringify(process.argv.slice(2)) }))', '/usr/bin/env node');
    const given = ['$(id)', '; rm -rf /', '`id`', '*', "it's", '--x=a b'];
    expect(await target([args, ...given]).verify(deployStep, never)).toMatchObject({ message: JSON.stringify(given) });
  });

  it('sees nothing of the environment of the worker', async () => {
    vi.stubEnv('MERIDIAN_TOKENS', 'geheim');
    const env = await program('env.js', 'console.log(JSON.stringify({ status: "running", message: Object.keys(process.env).sort().join() }))', '/usr/bin/env node');
    expect(await target([env]).deploy(deployStep, never)).toMatchObject({ message: 'HOME,LANG,PATH' });
    vi.unstubAllEnvs();
  });

  it('need not read its input, and may leave something running that holds its output open', async () => {
    const launcher = await program('launch.sh', 'sleep 30 & echo $! > launched.pid; echo \'{"status":"done"}\'');
    const large = { ...deployStep, variables: { BIG: 'x'.repeat(1_000_000) } };
    expect(await target([launcher]).deploy(large, never)).toEqual({ status: 'done' });
    const pid = Number(await readFile(path.join(folder, 'launched.pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

describe('a script that ends otherwise', () => {
  it('with 75 is tried again, with its last words', async () => {
    const busy = await program('busy.sh', 'echo one >&2; echo "the registry is busy" >&2; exit 75');
    await expect(target([busy]).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', retryable: true, message: 'sydney: script busy.sh asks to be tried again: one the registry is busy (deploy)',
    });
  });

  it.each([['deploy', 'DeployFailed'], ['verify', 'VerifyFailed'], ['undo', 'UndoFailed']] as const)(
    'with another code has failed: %s', async (verb, code) => {
      const broken = target([await program('broken.sh', 'for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; echo "token geheim-0815" >&2; exit 3')]);
      const asked = verb === 'undo' ? broken.undo(undoStep, never) : broken[verb](deployStep, never);
      await expect(asked).rejects.toMatchObject({
        code, message: 'sydney: script broken.sh ended with exit code 3: line 4 line 5 line 6 line 7 token ***',
      });
    });

  it('with 0 but without an answer has failed', async () => {
    await expect(target([await program('mute.sh', 'exit 0')]).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'DeployFailed', message: expect.stringContaining('gave an answer that is no JSON object: it is empty'),
    });
  });

  it('by a signal that was not ours is tried again: nobody knows how far it came', async () => {
    await expect(target([await program('killed.sh', 'kill -9 $$')]).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', message: expect.stringContaining('was ended by SIGKILL'),
    });
  });

  it('never is stopped with everything that it started, and tried again', async () => {
    const forked = await program('forked.sh', 'trap "" TERM; (trap "" TERM; sleep 60) & echo $! > forked.pid; echo waiting >&2; sleep 60; sleep 60');
    await expect(target([forked], '2s').deploy(deployStep, never)).rejects.toMatchObject({
      code: 'RegionUnreachable', retryable: true, message: 'sydney: script forked.sh did not end within 2s and was stopped: waiting (deploy)',
    });
    const pid = Number(await readFile(path.join(folder, 'forked.pid'), 'utf8'));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('never is stopped when the step is cancelled', async () => {
    const sleeper = await program('sleeper.sh', 'echo $$ > sleeper.pid; exec sleep 60');
    const controller = new AbortController();
    const asked = target([sleeper]).deploy(deployStep, controller.signal);
    const pid = await vi.waitFor(async () => {
      const text = await readFile(path.join(folder, 'sleeper.pid'), 'utf8');
      expect(text).not.toBe('');
      return Number(text);
    }, 10_000);
    controller.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('with too much output is stopped', async () => {
    await expect(target([await program('chatty.sh', 'yes')]).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'DeployFailed', message: expect.stringContaining('more than 256 KB'),
    });
  });

  it('with endless errors shows only the last of them', async () => {
    await expect(target([await program('noisy.sh', 'yes error | head -n 2000000 >&2; exit 1')]).deploy(deployStep, never)).rejects.toMatchObject({
      message: 'sydney: script noisy.sh ended with exit code 1: error error error error error',
    });
  });
});

describe('programs', () => {
  const refused = (argv: string[]): Promise<unknown> => target(argv).deploy(deployStep, never);

  it('outside the folder do not run, neither by their path nor by .. nor by a link', async () => {
    await writeFile(path.join(base, 'outside.sh'), '#!/bin/sh\ntouch ran', { mode: 0o755 });
    await mkdir(`${folder}-evil`, { recursive: true });
    await writeFile(path.join(`${folder}-evil`, 'near.sh'), '#!/bin/sh\ntouch ran', { mode: 0o755 });
    await symlink('/bin/sh', path.join(folder, 'shell'));
    for (const name of ['/bin/sh', 'sh', '../outside.sh', 'shell', '../scripts-evil/near.sh', '.', '']) {
      await expect(refused([name || ' ', '-c', 'touch ran'])).rejects.toMatchObject({ code: 'TargetMisconfigured', retryable: false });
    }
    await expect(readFile(path.join(folder, 'ran'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that may not be executed are named', async () => {
    await writeFile(path.join(folder, 'plain.txt'), 'hello', { mode: 0o644 });
    await expect(refused(['plain.txt'])).rejects.toMatchObject({ code: 'TargetMisconfigured', message: expect.stringContaining('plain.txt may not be executed') });
  });

  it('do not run at all where no folder is set', async () => {
    const settings = ScriptTarget.parse({ type: 'script', current: ['a'], deploy: ['a'], verify: ['a'], undo: ['a'] });
    await expect(scriptTarget({ folder: undefined })(settings).deploy(deployStep, never)).rejects.toMatchObject({
      code: 'TargetMisconfigured', message: expect.stringContaining('MERIDIAN_SCRIPTS'),
    });
  });

  it('with an argument that cannot be handed over are refused without quoting it', async () => {
    const error = await refused([await program('ok.sh', 'exit 0'), 'geheim\0']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'TargetMisconfigured' });
    expect(String(error)).not.toContain('geheim');
  });
});
