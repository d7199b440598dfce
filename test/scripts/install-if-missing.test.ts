import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { executable } from '../support/executable.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const script = path.join(import.meta.dirname, '../../scripts/install-if-missing.mjs');

describe('before npm start and npm test', () => {
  /** A repository whose `npm` only notes that it was called, or fails. */
  const repository = async (npm = 'echo "$@" > called') => {
    const root = await temporaryFolder();
    const bin = await temporaryFolder();
    await executable(bin, 'npm', npm);
    await mkdir(path.join(root, 'scripts'));
    await copyFile(script, path.join(root, 'scripts', 'install-if-missing.mjs'));
    await writeFile(path.join(root, 'package-lock.json'), '{}');
    return {
      install: async (time: Date) => {
        await mkdir(path.join(root, 'node_modules'), { recursive: true });
        const mark = path.join(root, 'node_modules', '.package-lock.json');
        await writeFile(mark, '{}');
        await utimes(mark, time, time);
      },
      start: () => promisify(execFile)(process.execPath, [path.join(root, 'scripts', 'install-if-missing.mjs')], { env: { PATH: `${bin}:/usr/bin:/bin` }, cwd: bin }),
      hasInstalled: () => existsSync(path.join(root, 'called')),
    };
  };
  const hourMs = 3_600_000;

  it('the locked dependencies are installed when there are none', async () => {
    const { start, hasInstalled } = await repository();
    await start();
    expect(hasInstalled()).toBe(true);
  });

  it('they are installed again when the lock file is newer', async () => {
    const { install, start, hasInstalled } = await repository();
    await install(new Date(Date.now() - hourMs));
    await start();
    expect(hasInstalled()).toBe(true);
  });

  it('nothing is done when they are there', async () => {
    const { install, start, hasInstalled } = await repository();
    await install(new Date(Date.now() + hourMs));
    await start();
    expect(hasInstalled()).toBe(false);
  });

  it('a failed installation ends the command', async () => {
    const { start } = await repository('exit 7');
    await expect(start()).rejects.toMatchObject({ code: 7 });
  });
});
