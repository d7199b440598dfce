import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MeridianFailure } from '../rollout/failure.js';
import { limits } from '../rollout/limits.js';
import type { Migration } from '../rollout/schema/migration.js';
import { fileBytes, isLeftOut, lacksOf, partOf, releaseFile, type MigrationTexts } from './migration-files.js';
import { migrationFrom, parseFreeOf } from './migration-settings.js';

/** What a folder says of the schema that the code of a release needs. */
export interface FolderMigrations {
  /** In the order of their names. */
  migrations: Migration[];
  /** Names of migrations whose old shape the code uses no more. */
  freeOf: string[];
}

/**
 * Reads the migrations of a release: from `migrations/` in the folder of its artifact, or from such a folder itself. Empty where the folder
 * is neither. Throws `ArtifactMissing` when there is no such folder, and `InvalidRequest` that names every file that is not right and what to write.
 */
export async function readMigrations(dir: string): Promise<FolderMigrations> {
  const folder = await migrationsFolder(path.resolve(dir));
  if (folder === null) return { migrations: [], freeOf: [] };
  const texts = await readTexts(folder);
  const { [releaseFile]: release, ...files } = texts;
  const wrong: string[] = [];
  const migrations = group(Object.entries(files), wrong).flatMap((each) => collect(wrong, () => migrationFrom(each)) ?? []);
  const freeOf = release === undefined ? [] : collect(wrong, () => parseFreeOf(release)) ?? [];
  refuse(folder, wrong);
  return { migrations, freeOf };
}

async function migrationsFolder(dir: string): Promise<string | null> {
  const files = await readdir(dir).catch((error: unknown) => {
    const what = { ENOENT: 'does not exist', ENOTDIR: 'is not a folder' }[String((error as NodeJS.ErrnoException).code)];
    if (what === undefined) throw error;
    throw new MeridianFailure('ArtifactMissing', `${dir} ${what}: name a folder with migrations, or one that has them in \`migrations\`.`);
  });
  const inside = path.join(dir, 'migrations');
  if (files.includes('migrations') && !(await lstat(inside)).isFile()) return inside;
  return path.basename(dir) === 'migrations' || files.some((file) => file.endsWith('.expand.sql') || file === releaseFile) ? dir : null;
}

/** The text of each file, by its name, in their order (by code unit, whatever the locale). */
async function readTexts(folder: string): Promise<Record<string, string>> {
  if ((await lstat(folder)).isSymbolicLink() && path.basename(folder) === 'migrations') {
    throw new MeridianFailure('InvalidRequest', `${folder} is a symbolic link, and what it leads to is no part of the release. Put the files themselves there.`);
  }
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isLeftOut(name));
  refuse(folder, entries.filter((entry) => !entry.isFile()).map((entry) => `${entry.name} is ${kindOf(entry)}: only plain files belong here.`));
  const names = entries.map(({ name }) => name).toSorted();
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  refuse(folder, tooLarge(names, sizes));
  return Object.fromEntries(await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await readText(folder, name)])));
}

const kindOf = (entry: { isSymbolicLink(): boolean; isDirectory(): boolean }): string =>
  (entry.isSymbolicLink() ? 'a symbolic link' : entry.isDirectory() ? 'a folder' : 'no plain file');

function tooLarge(names: string[], sizes: number[]): string[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return [
    ...names.flatMap((name, index) => (sizes[index]! > fileBytes ? [`${name} is ${kilobytes(sizes[index]!)} KB, at most ${kilobytes(fileBytes)}: split the migration.`] : [])),
    ...(total > limits.migrationsKeptBytes
      ? [`All files are ${kilobytes(total)} KB together, at most ${kilobytes(limits.migrationsKeptBytes)}: put those that are contracted everywhere into one that begins with the schema as it is.`]
      : []),
  ];
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1_024);

async function readText(folder: string, file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path.join(folder, file)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new MeridianFailure('InvalidRequest', `${path.join(folder, file)} is not text in UTF-8: save it as UTF-8.`);
  }
}

/** The files of each migration together. */
function group(files: [string, string][], wrong: string[]): MigrationTexts[] {
  const byName = new Map<string, MigrationTexts>();
  for (const [file, text] of files) {
    const found = partOf(file);
    if (typeof found === 'string') wrong.push(found);
    else byName.set(found.name, { ...byName.get(found.name), name: found.name, [found.part]: text });
  }
  const migrations = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  wrong.push(...migrations.flatMap(lacksOf));
  return migrations.filter((texts) => lacksOf(texts).length === 0);
}

/** What `make` makes; what it says is wrong is kept with the rest. */
function collect<T>(wrong: string[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    wrong.push(error.message);
    return undefined;
  }
}

function refuse(folder: string, wrong: string[]): void {
  if (wrong.length === 0) return;
  throw new MeridianFailure('InvalidRequest', [`The migrations in ${folder} cannot be read.`, ...wrong.slice(0, 20)].join('\n  '));
}
