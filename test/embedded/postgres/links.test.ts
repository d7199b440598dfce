import { execFile } from 'node:child_process';
import { cp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findBinaries } from '../../../src/embedded/postgres/binaries.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const packageFolder = path.resolve(path.dirname((await findBinaries(undefined)).postgres), '../..');

it('makes the links between the libraries where npm ran no install script', async () => {
  const copy = path.join(await temporaryFolder(), 'package');
  await cp(packageFolder, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(path.join(copy, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as { source: string; target: string }[];
  await Promise.all(links.map(({ target }) => rm(path.join(copy, target))));
  const binaries = await findBinaries(undefined, () => path.join(copy, 'dist', 'index.js'));
  for (const { source, target } of links) expect(await readlink(path.join(copy, target))).toBe(path.basename(source));
  expect((await promisify(execFile)(binaries.postgres, ['--version'])).stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
  // The second time it finds them there.
  await expect(findBinaries(undefined, () => path.join(copy, 'dist', 'index.js'))).resolves.toEqual(binaries);
});

it('takes a package without a list of links as it is', async () => {
  const copy = path.join(await temporaryFolder(), 'package');
  await cp(packageFolder, copy, { recursive: true, verbatimSymlinks: true });
  await rm(path.join(copy, 'native', 'pg-symlinks.json'), { force: true });
  await writeFile(path.join(copy, 'native', 'other'), '');
  await expect(findBinaries(undefined, () => path.join(copy, 'dist', 'index.js'))).resolves.toMatchObject({ postgres: path.join(copy, 'native', 'bin', 'postgres') });
});
