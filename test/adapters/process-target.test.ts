import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UndoStep } from '../../activities/ports/region-target.js';
import { identify } from '../../src/adapters/process/identity.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { freePorts } from '../support/free-ports.js';
import { waitFor } from '../support/wait-for.js';
import { isRunning, killNow, noSignal, RegionUnderTest, statusOf, type Answer } from './process/region-under-test.js';

/** Somebody else's server on the region's port. */
async function holdPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => { server.close(); });
}

const crashing = `console.error('the database at ' + process.env.DATABASE_URL + ' is not there'); process.exit(1);`;

/** One tenant of the region, on a port of its own. */
function tenantOf(region: RegionUnderTest, tenant: string, port: number) {
  const target = region.target({ port: String(port) });
  const key = (rollout: number, direction: 'do' | 'undo'): string => `shop-${rollout}/production/sydney/${tenant}/1/deploy/${direction}`;
  return {
    target,
    undo: (from: Release, to: Release | null, rollout: number): UndoStep => ({ ...region.undoStep(from, to, rollout), tenant, key: key(rollout, 'undo') }),
    current: () => target.current({ ...region.place, tenant, variables: {}, secretNames: [] }, noSignal),
    async run(release: Release, rollout: number): Promise<Answer> {
      const step = { ...region.deployStep(release, rollout), tenant, key: key(rollout, 'do') };
      await target.deploy(step, noSignal);
      await waitFor(`${tenant} serves`, async () => statusOf(await target.verify(step, noSignal)) === 'done');
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
      return response.json() as Promise<Answer>;
    },
  };
}

describe('deploy', () => {
  it('starts a process that outlives the adapter and is found again by the next one', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    expect(await region.current()).toBeNull();

    const { pid } = await region.run(release);

    expect(await region.current()).toEqual(release);
    expect(await sessionOf(pid), 'it leads a session of its own, so that Ctrl-C does not reach it').toBe(pid);
  });

  it('starts one process for the same key, however often and by whomever it is asked', async () => {
    const region = await RegionUnderTest.create();
    const step = region.deployStep(await region.release('1.0.0'));
    await Promise.all([1, 2, 3, 4].map(() => region.target().deploy(step, noSignal)));
    await region.target().deploy(step, noSignal);
    await region.verified(step);
    expect(await region.starts()).toEqual(['1.0.0']);
    expect(await region.processes()).toHaveLength(1);
  });

  it('starts the process of a step again when it has died since', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    const { pid } = await region.run(release);
    await killNow(pid);
    expect(await region.current()).toBeNull();
    expect((await region.run(release)).pid).not.toBe(pid);
  });

  it('replaces what ran, and keeps its data', async () => {
    const region = await RegionUnderTest.create();
    const { pid } = await region.run(await region.release('1.0.0'), 1);
    const answer = await region.run(await region.release('1.1.0'), 2);
    expect(answer.release).toBe('1.1.0');
    expect(await isRunning(pid)).toBe(false);
    expect(await region.starts()).toEqual(['1.0.0', '1.1.0']);
    expect(await region.processes()).toEqual([answer.pid]);
  });

  it('leaves one process, of the release that came last, when two steps meet', async () => {
    const region = await RegionUnderTest.create();
    const releases = await Promise.all(['1.0.0', '1.1.0'].map((version) => region.release(version)));
    await Promise.all(releases.map((release, index) => region.target().deploy(region.deployStep(release, index + 1), noSignal)));
    const last = (await region.record()).launch!.release;
    expect(await region.processes()).toEqual([(await region.record()).process!.pid]);
    expect(await region.current()).toEqual(last);
  });

  it('hands over the region, its data folder and every variable, and nothing of the worker', async () => {
    vi.stubEnv('MERIDIAN_TOKENS', 'secret of the worker');
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    onTestFinished(() => { vi.unstubAllEnvs(); });
    const region = await RegionUnderTest.create();
    const release = { ...await region.release('1.0.0'), config: { THEME: 'green', CURRENCY: 'USD' } };
    const step = region.deployStep(release, 1, { variables: { CURRENCY: 'AUD', DATABASE_URL: 'postgres://secret' }, secretNames: ['DATABASE_URL'] });
    await region.target().deploy(step, noSignal);
    await region.verified(step);

    const { environment } = await region.answer();
    expect(environment).toMatchObject({
      PORT: String(region.port), DATA_DIR: region.folder.data, REGION: 'sydney', ENVIRONMENT: 'production', RELEASE: '1.0.0',
      THEME: 'green', CURRENCY: 'AUD', DATABASE_URL: 'postgres://secret', NODE_ENV: 'production', PATH: process.env.PATH,
    });
    expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
    expect(JSON.stringify(environment)).not.toContain('secret of the worker');
  });

  it('keeps what it knows about a region from other users', async () => {
    const region = await RegionUnderTest.create();
    await region.run(await region.release('1.0.0'));
    expect((await stat(region.folder.record)).mode & 0o077).toBe(0);
    expect((await stat(region.folder.log)).mode & 0o077).toBe(0);
    expect((await stat(region.folder.path)).mode & 0o077).toBe(0);
  });

  it('touches nothing when the artifact is not what was shipped', async () => {
    const region = await RegionUnderTest.create();
    const { pid } = await region.run(await region.release('1.0.0'), 1);
    const before = await readFile(region.folder.record, 'utf8');
    const changed = await region.release('1.1.0');
    await writeFile(path.join(changed.artifact.path, 'server.js'), 'something else');

    await expect(region.target().deploy(region.deployStep(changed, 2), noSignal)).rejects.toMatchObject({ code: 'DigestMismatch' });

    expect((await region.answer()).pid).toBe(pid);
    expect(await readFile(region.folder.record, 'utf8')).toBe(before);
  });

  it('refuses a port that a stranger holds, and leaves the stranger alone', async () => {
    const region = await RegionUnderTest.create();
    await holdPort(region.port);
    const deploy = region.target().deploy(region.deployStep(await region.release('1.0.0')), noSignal);
    await expect(deploy).rejects.toMatchObject({ code: 'DeployFailed', message: expect.stringContaining(`Port ${region.port} is held`) });
    expect(await region.processes()).toEqual([]);
  });

  it('does not stop what runs for a new port that is not free', async () => {
    const region = await RegionUnderTest.create();
    const other = await RegionUnderTest.create();
    const { pid } = await region.run(await region.release('1.0.0'), 1);
    await holdPort(other.port);
    const deploy = region.target({ port: String(other.port) }).deploy(region.deployStep(await region.release('1.1.0'), 2), noSignal);
    await expect(deploy).rejects.toMatchObject({ code: 'DeployFailed' });
    expect((await region.answer()).pid).toBe(pid);
  });

  it('kills a process that does not heed SIGTERM in time', async () => {
    const region = await RegionUnderTest.create();
    const deaf = await region.release('1.0.0', `
      import http from 'node:http';
      process.on('SIGTERM', () => {});
      http.createServer((_, response) => response.end(JSON.stringify({ release: '1.0.0', pid: process.pid }))).listen(Number(process.env.PORT), '127.0.0.1');`);
    const step = region.deployStep(deaf, 1);
    await region.target({ stopTimeout: '100ms' }).deploy(step, noSignal);
    await region.verified(step);
    const { pid } = await region.answer();
    await region.run(await region.release('1.1.0'), 2);
    expect(await isRunning(pid)).toBe(false);
  });

  it('ends the children that a killed process has left on the port', async () => {
    const region = await RegionUnderTest.create();
    const withChild = await region.release('1.0.0', `
      import { spawn } from 'node:child_process';
      const child = "require('node:http').createServer((_, response) => response.end(JSON.stringify({ release: '1.0.0', pid: process.pid }))).listen(Number(process.env.PORT), '127.0.0.1')";
      spawn(process.execPath, ['--eval', child], { stdio: 'inherit' });
      setInterval(() => {}, 1000);`);
    const { pid: child } = await region.run(withChild, 1);
    await killNow((await region.record()).process!.pid);
    expect(await isRunning(child)).toBe(true);

    const { pid } = await region.run(await region.release('1.1.0'), 2);

    expect(await isRunning(child)).toBe(false);
    expect(await region.processes()).toEqual([pid]);
  });

  it('neither trusts nor touches a stranger who has got the number of a dead process', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    const { pid } = await region.run(release, 1);
    await killNow(pid);
    const stranger = spawn('sleep', ['60']);
    onTestFinished(() => { stranger.kill('SIGKILL'); });
    await once(stranger, 'spawn');
    const record = await region.record();
    await writeFile(region.folder.record, JSON.stringify({ ...record, process: { ...record.process, pid: stranger.pid } }));

    expect(await region.current()).toBeNull();
    await region.run(await region.release('1.1.0'), 2);
    expect(await identify(stranger.pid!)).not.toBeNull();
  });

  it('says that a command cannot be started', async () => {
    const region = await RegionUnderTest.create();
    const deploy = region.target({ command: ['no-such-program'] }).deploy(region.deployStep(await region.release('1.0.0')), noSignal);
    await expect(deploy).rejects.toMatchObject({ code: 'DeployFailed', message: expect.stringContaining('no-such-program') });
  });

  it('refuses what a process target cannot start', async () => {
    const region = await RegionUnderTest.create();
    const image = { version: '1.0.0', artifact: { image: `registry.example/shop@sha256:${'0'.repeat(64)}` } };
    const deploy = region.target().deploy(region.deployStep(image), noSignal);
    await expect(deploy).rejects.toMatchObject({ code: 'TargetMisconfigured', message: expect.stringContaining('is an image') });
    for (const port of ['', 'http', '0', '65536', '41 00', '-1']) {
      expect(() => region.target({ port }), `port ${port}`).toThrow(expect.objectContaining({ code: 'TargetMisconfigured' }));
    }
    expect(() => region.target({ health: '@elsewhere.example/' })).toThrow(expect.objectContaining({ code: 'TargetMisconfigured' }));
  });

  it('begins nothing when it is cancelled already', async () => {
    const region = await RegionUnderTest.create();
    const step = region.deployStep(await region.release('1.0.0'));
    await expect(region.target().deploy(step, AbortSignal.abort())).rejects.toThrow(/abort/);
    expect(await region.processes()).toEqual([]);
  });
});

describe('verify', () => {
  it('asks for patience until the region is healthy', async () => {
    const region = await RegionUnderTest.create();
    const silent = await region.release('1.0.0', `setInterval(() => {}, 1000);`);
    const step = region.deployStep(silent);
    await region.target().deploy(step, noSignal);
    expect(await region.target().verify(step, noSignal)).toMatchObject({ status: 'running', message: expect.stringContaining('does not answer') });
  });

  it('fails with the end of the log, without secrets, when the process has ended by itself', async () => {
    const region = await RegionUnderTest.create();
    const step = region.deployStep(await region.release('1.0.0', crashing), 1, { variables: { DATABASE_URL: 'postgres://me:hush@db' }, secretNames: ['DATABASE_URL'] });
    await region.target().deploy(step, noSignal);
    const failure = await eventualFailure(() => region.target().verify(step, noSignal).then(statusOf));
    expect(failure).toMatchObject({ code: 'VerifyFailed', message: expect.stringContaining('has ended by itself') });
    expect(failure.message).toContain('the database at {{ DATABASE_URL }} is not there');
    expect(failure.message).not.toContain('hush');
  });

  it('fails when the region is not healthy in time', async () => {
    const region = await RegionUnderTest.create();
    const step = region.deployStep(await region.release('1.0.0', `setInterval(() => {}, 1000); console.log('warming up');`));
    await region.target().deploy(step, noSignal);
    const failure = await eventualFailure(() => region.target({ startTimeout: '300ms' }).verify(step, noSignal).then(statusOf));
    expect(failure).toMatchObject({ code: 'VerifyFailed', message: expect.stringMatching(/is not healthy in production\/sydney/) });
  });

  it('fails when the region says that it is something else', async () => {
    const region = await RegionUnderTest.create();
    const { version: _version, ...other } = await region.release('0.9.0');
    const step = region.deployStep({ version: '1.0.0', ...other });
    await region.target().deploy(step, noSignal);
    const failure = await eventualFailure(() => region.target().verify(step, noSignal).then(statusOf));
    expect(failure).toMatchObject({ code: 'VerifyFailed', message: expect.stringContaining('answers that it is 0.9.0') });
  });

  it('fails when something else was started there since', async () => {
    const region = await RegionUnderTest.create();
    await region.run(await region.release('1.0.0'));
    const verify = region.target().verify(region.deployStep(await region.release('1.1.0')), noSignal);
    await expect(verify).rejects.toMatchObject({ code: 'VerifyFailed', message: expect.stringContaining('1.0.0 was started there since') });
  });
});

describe('undo', () => {
  it('puts the release before back, once', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad] = [await region.release('1.0.0'), await region.release('1.1.0')];
    await region.run(old, 1);
    await region.run(bad, 2);
    const undo = region.undoStep(bad, old, 2);
    await Promise.all([1, 2].map(() => region.target().undo(undo, noSignal)));
    await region.target().undo(undo, noSignal);
    await region.verified(region.deployStep(old));
    expect(await region.starts()).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(await region.processes()).toHaveLength(1);
  });

  it('stops what was started where nothing ran before', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    await region.run(release);
    for (let time = 1; time <= 2; time += 1) expect(await region.target().undo(region.undoStep(release, null), noSignal)).toEqual({ status: 'done' });
    expect(await region.processes()).toEqual([]);
    expect(await region.current()).toBeNull();
  });

  it('starts the release before when the bad one has died', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad] = [await region.release('1.0.0'), await region.release('1.1.0', crashing)];
    await region.run(old, 1);
    await region.target().deploy(region.deployStep(bad, 2), noSignal);
    await region.target().undo(region.undoStep(bad, old, 2), noSignal);
    await region.verified(region.deployStep(old));
    expect((await region.answer()).release).toBe('1.0.0');
  });

  it('does nothing where the deploy never came to anything', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad] = [await region.release('1.0.0'), await region.release('1.1.0')];
    const { pid } = await region.run(old, 1);
    await region.target().undo(region.undoStep(bad, old, 2), noSignal);
    expect((await region.answer()).pid).toBe(pid);
  });

  it('leaves a release alone that is neither of the two, and says so', async () => {
    const region = await RegionUnderTest.create();
    const { pid } = await region.run(await region.release('1.0.5-hotfix'), 1);
    const undo = region.target().undo(region.undoStep(await region.release('1.1.0'), await region.release('1.0.0'), 2), noSignal);
    await expect(undo).rejects.toMatchObject({ code: 'Drift', retryable: false, message: expect.stringContaining('production/sydney runs 1.0.5-hotfix') });
    expect((await region.answer()).pid).toBe(pid);
  });

  it('replaces what ran before the step, and any release when a person wants it so', async () => {
    const region = await RegionUnderTest.create();
    const [good, old, bad] = [await region.release('0.9.0'), await region.release('1.0.0'), await region.release('1.1.0')];
    await region.run(old, 1);
    await region.target().undo(region.undoStep(bad, good, 2, { previous: '1.0.0' }), noSignal);
    expect(await region.current()).toEqual(good);

    await region.run(await region.release('1.0.5-hotfix'), 3);
    await region.target().undo(region.undoStep(bad, null, 4, { overwrite: true }), noSignal);
    expect(await region.current()).toBeNull();
    expect(await region.processes()).toEqual([]);
  });

  it('is tried again when the port is taken in between', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad] = [await region.release('1.0.0'), await region.release('1.1.0', crashing)];
    await region.target().deploy(region.deployStep(bad, 2), noSignal);
    await holdPort(region.port);
    await expect(region.target().undo(region.undoStep(bad, old, 2), noSignal)).rejects.toMatchObject({ code: 'UndoFailed', retryable: true });
  });
});

describe('a rehearsal', () => {
  it.each([['what ran before', true], ['nothing', false]])('deploys, puts back %s, deploys again, and can still be undone', async (_what, hasBefore) => {
    const region = await RegionUnderTest.create();
    const [old, next] = [await region.release('1.0.0'), await region.release('1.1.0')];
    if (hasBefore) await region.run(old, 1);
    const before = hasBefore ? old : null;
    const key = (step: string, direction: 'do' | 'undo'): string => `shop-2/production/sydney/1/${step}/${direction}`;
    const deploy = { ...region.deployStep(next, 2), previous: before };
    const undo = region.undoStep(next, before, 2, { previous: before?.version ?? null });

    await region.target().deploy({ ...deploy, key: key('deploy', 'do') }, noSignal);
    await region.verified(deploy);
    await region.target().undo({ ...undo, key: key('rehearsal', 'undo') }, noSignal);
    expect(await region.current()).toEqual(before);
    await region.target().deploy({ ...deploy, key: key('deploy-again', 'do') }, noSignal);
    await region.verified(deploy);
    expect(await region.current()).toEqual(next);
    await region.target().undo({ ...undo, key: key('deploy', 'undo') }, noSignal);
    expect(await region.current()).toEqual(before);
  });
});

describe('a tenant of a region', () => {
  it('has a process, data and a port of its own beside the other tenants', async () => {
    const region = await RegionUnderTest.create();
    const [old, next] = [await region.release('1.0.0'), await region.release('1.1.0')];
    const [acmePort, globexPort] = await freePorts(2);
    const acme = tenantOf(region, 'acme', acmePort!);
    const globex = tenantOf(region, 'globex', globexPort!);

    const before = await acme.run(old, 1);
    const other = await globex.run(next, 1);
    const after = await acme.run(next, 2);

    expect(before.environment).toMatchObject({ REGION: 'sydney', TENANT: 'acme', PORT: String(acmePort) });
    expect(other.environment).toMatchObject({ REGION: 'sydney', TENANT: 'globex', PORT: String(globexPort) });
    expect(other.environment.DATA_DIR).not.toBe(before.environment.DATA_DIR);
    expect(after.environment.DATA_DIR).toBe(before.environment.DATA_DIR);
    expect(await region.processes()).toHaveLength(2);
    expect(await isRunning(other.pid)).toBe(true);
    expect(await region.current(), 'nothing runs for the region itself').toBeNull();

    await acme.target.undo(acme.undo(next, old, 2), noSignal);
    expect(await acme.current()).toEqual(old);
    expect(await globex.current()).toEqual(next);
  });

  it('never shares a folder with a region, whatever it is called', async () => {
    const region = await RegionUnderTest.create();
    const [port] = await freePorts(1);
    const release = await region.release('1.0.0');
    await region.run(release);
    const data = tenantOf(region, 'data', port!);
    await data.run(release, 1);
    await data.target.undo(data.undo(release, null, 1), noSignal);
    expect(await data.current()).toBeNull();
    expect(await region.current()).toEqual(release);
    expect(await region.starts()).toEqual(['1.0.0']);
  });
});

describe('a step that comes back late', () => {
  it('does not deploy again what its undo has taken away, whether it had finished or not', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad, never] = await Promise.all(['1.0.0', '1.1.0', '1.2.0'].map((version) => region.release(version)));
    await region.run(old!, 1);
    await region.run(bad!, 2);
    await region.target().undo(region.undoStep(bad!, old!, 2), noSignal);
    await region.target().undo(region.undoStep(never!, old!, 3), noSignal);
    await region.verified(region.deployStep(old!));
    const { pid } = await region.answer();

    for (const late of [region.deployStep(old!, 1), region.deployStep(bad!, 2), region.deployStep(never!, 3)]) {
      await expect(region.target().deploy(late, noSignal)).rejects.toMatchObject({ code: 'DeployFailed', message: expect.stringContaining('has moved on') });
    }
    expect((await region.answer()).pid).toBe(pid);
  });

  it('does not undo what came after the undo', async () => {
    const region = await RegionUnderTest.create();
    const [old, good] = [await region.release('1.0.0'), await region.release('1.1.0')];
    await region.run(old, 1);
    await region.run(good, 2);
    await region.target().undo(region.undoStep(good, old, 2), noSignal);
    const { pid } = await region.run(good, 3);
    expect(await region.target().undo(region.undoStep(good, old, 2), noSignal)).toEqual({ status: 'done' });
    expect((await region.answer()).pid).toBe(pid);
  });
});

it('says which file is not a record, and touches nothing', async () => {
  const region = await RegionUnderTest.create();
  const release = await region.release('1.0.0');
  const { pid } = await region.run(release, 1);
  await writeFile(region.folder.record, '{ "pid": 1 }');
  const failure = { code: 'TargetMisconfigured', message: expect.stringContaining(region.folder.record) as unknown };
  await expect(region.current()).rejects.toMatchObject(failure);
  await expect(region.target().deploy(region.deployStep(release, 2), noSignal)).rejects.toMatchObject(failure);
  expect((await region.answer()).pid).toBe(pid);
});

/** Asks until it is refused. */
async function eventualFailure(ask: () => Promise<string>): Promise<Error> {
  for (;;) {
    try {
      expect(await ask()).toBe('running');
    } catch (error) {
      return error as Error;
    }
  }
}

async function sessionOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[3]);
}
