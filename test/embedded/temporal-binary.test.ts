import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { getTemporalBinary } from '../../src/embedded/temporal/binary.js';
import { cached, cachedBinary } from '../../src/embedded/temporal/cached.js';
import { goInstall } from '../../src/embedded/temporal/go-install.js';
import { onPath } from '../../src/embedded/temporal/on-path.js';
import { sdkDownload } from '../../src/embedded/temporal/sdk-download.js';
import type { TemporalSource } from '../../src/embedded/temporal/source.js';
import { executable, versionScript } from '../support/executable.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { recordingTeller } from './recording-teller.js';

const never = new AbortController().signal;
const ask = (source: TemporalSource, tell = recordingTeller()) => source.get(tell, never);

describe('temporal on the PATH', () => {
  it('is found in the first folder that has one that can be run', async () => {
    const [empty, first, second] = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
    const expected = await executable(first, 'temporal', versionScript());
    await executable(second, 'temporal', versionScript());
    expect(await ask(onPath([empty, first, second].join(path.delimiter)))).toEqual({ path: expected });
  });

  it('is not mistaken for a folder of that name', async () => {
    const folder = await temporaryFolder();
    await executable(path.join(folder, 'temporal'), 'anything', 'true');
    expect(await ask(onPath(folder))).toEqual({ missing: 'no `temporal` there' });
  });

  it.each([
    ['does not start', 'exit 1', /Command failed/],
    ['is another program', 'echo "temporal 3.2, a calendar"', /it is no Temporal CLI/],
    ['is too old', versionScript('1.27.9'), /its server is 1\.27\.9, and 1\.28 or later is needed/],
  ])('is left out, with the reason, when it %s', async (_what, script, reason) => {
    const folder = await temporaryFolder();
    const file = await executable(folder, 'temporal', script);
    const found = await ask(onPath(folder));
    expect(found).toEqual({ missing: expect.stringMatching(reason) });
    expect(found).toEqual({ missing: expect.stringContaining(file) });
  });

  it('is used when it was built from source, which calls itself 0.0.0-DEV', async () => {
    const folder = await temporaryFolder();
    const file = await executable(folder, 'temporal', 'echo "temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)"');
    expect(await ask(onPath(folder))).toEqual({ path: file });
  });
});

describe('the cache', () => {
  it('gives what was put there, and nothing when that does not run', async () => {
    const home = await temporaryFolder();
    expect(await ask(cached(home))).toEqual({ missing: expect.stringContaining('nothing at') });
    const file = await executable(path.join(home, 'bin'), 'temporal', versionScript());
    expect(await ask(cached(home))).toEqual({ path: file });
    await executable(path.join(home, 'bin'), 'temporal', 'exit 3');
    expect(await ask(cached(home))).toEqual({ missing: expect.stringContaining('cannot be used') });
  });
});

describe('the download of the SDK', () => {
  const download = async (script: string, limits = { reachMs: 5_000, stallMs: 5_000 }) => {
    const home = await temporaryFolder();
    const command = await executable(await temporaryFolder(), 'download', script);
    return { home, found: await ask(sdkDownload(home, [command], limits)) };
  };
  const writeBinary = `printf '#!/bin/sh\\n%s\\n' '${versionScript()}' > "$1/temporal-sdk"; chmod +x "$1/temporal-sdk"`;

  it('puts what it downloaded into the cache, and nothing else', async () => {
    const { home, found } = await download(writeBinary);
    expect(found).toEqual({ path: cachedBinary(home) });
    expect(await ask(cached(home))).toEqual(found);
    expect(await readdir(path.join(home, 'bin'))).toEqual(['temporal']);
  });

  it('removes what a killed start had begun, and leaves alone what another one works on', async () => {
    const home = await temporaryFolder();
    const ended = spawnSync('true');
    await executable(path.join(home, 'bin', `.making-${ended.pid}`), 'half', '');
    await executable(path.join(home, 'bin', `.making-${process.ppid}`), 'half', '');
    const command = await executable(await temporaryFolder(), 'download', writeBinary);
    await ask(sdkDownload(home, [command]));
    expect((await readdir(path.join(home, 'bin'))).toSorted()).toEqual([`.making-${process.ppid}`, 'temporal']);
  });

  it('is given up when nothing comes', async () => {
    const { home, found } = await download('exec sleep 60', { reachMs: 300, stallMs: 60_000 });
    expect(found).toEqual({ missing: 'nothing came within 300ms' });
    expect(await readdir(path.join(home, 'bin'))).toEqual([]);
  });

  it('is given up when it stops half-way, and leaves nothing in the cache', async () => {
    const { home, found } = await download('echo half > "$1/temporal.downloading"; exec sleep 60', { reachMs: 60_000, stallMs: 300 });
    expect(found).toEqual({ missing: 'nothing more came for 300ms' });
    expect(await readdir(path.join(home, 'bin'))).toEqual([]);
  });

  it('names the cause that stands at the end of what the SDK says', async () => {
    const { found } = await download('echo "Failed: error for url (https://x/): client error (Connect): dns error: no such host" >&2; exit 1');
    expect(found).toEqual({ missing: 'dns error: no such host' });
  });

  it('is not trusted: what does not run does not reach the cache', async () => {
    const { home, found } = await download('echo "<html>" > "$1/temporal-sdk"');
    expect(found).toEqual({ missing: expect.stringMatching(/EACCES/) });
    expect(existsSync(cachedBinary(home))).toBe(false);
  });
});

describe('a build with Go', () => {
  const build = async (script: string | undefined, limitMs?: number) => {
    const [home, bin] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    if (script !== undefined) await executable(bin, 'go', script);
    const tell = recordingTeller();
    return { home, tell, found: await ask(goInstall(home, { PATH: `${bin}:/usr/bin:/bin` }, limitMs), tell) };
  };
  const go = (version: string, list: string, install: string): string =>
    `case $1 in version) echo "go version go${version} linux/amd64";; list) ${list};; install) ${install};; esac`;

  it('needs Go', async () => {
    const home = await temporaryFolder();
    expect(await ask(goInstall(home, { PATH: home }))).toEqual({ missing: 'no `go` on the PATH' });
  });

  it('needs Go 1.25', async () => {
    const { found } = await build(go('1.24.9', 'true', 'true'));
    expect(found).toEqual({ missing: expect.stringContaining('Go 1.24, and 1.25 or later is needed') });
  });

  it('is not begun when the module proxy does not answer', async () => {
    const { found, tell } = await build(go('1.25.0', 'exec sleep 60', 'echo begun >&2; exit 1'), 300);
    expect(found).toEqual({ missing: 'the module proxy did not answer within 300ms' });
    expect(tell.said).toEqual([]);
  });

  it('builds into the cache and says how long that takes', async () => {
    const install = `echo "go.temporal.io/server" >&2; printf '#!/bin/sh\\n%s\\n' '${versionScript()}' > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"`;
    const { home, found, tell } = await build(go('1.26.1', 'true', install));
    expect(found).toEqual({ path: cachedBinary(home) });
    expect(tell.said).toEqual([expect.stringMatching(/about 2\.5 minutes/)]);
  });

  it('tells the end of what the compiler said when it fails', async () => {
    const { found } = await build(go('1.25.3', 'true', 'echo "disk full" >&2; exit 2'));
    expect(found).toEqual({ missing: 'go install ended with 2: disk full' });
  });
});

describe('all sources', () => {
  const source = (name: string, found: Awaited<ReturnType<TemporalSource['get']>>, asked: string[]): TemporalSource => ({
    name,
    get: () => {
      asked.push(name);
      return Promise.resolve(found);
    },
  });

  it('are asked in order until one has it', async () => {
    const asked: string[] = [];
    const sources = [source('a', { missing: 'gone' }, asked), source('b', { path: '/b' }, asked), source('c', { path: '/c' }, asked)];
    expect(await getTemporalBinary(sources, recordingTeller(), never)).toBe('/b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('failing, give one message with each reason and what to install', async () => {
    const sources = [source('the PATH', { missing: 'no `temporal` there' }, []), source('the download', { missing: 'dns error' }, [])];
    const failing = getTemporalBinary(sources, recordingTeller(), never);
    await expect(failing).rejects.toThrow(/- the PATH: no `temporal` there\n.*- the download: dns error\n.*Install/s);
    await expect(failing).rejects.toMatchObject({ name: 'SetupFailure' });
  });
});
