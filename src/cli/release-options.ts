import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { FolderMigrations } from '../adapters/migrations-folder.js';
import { VariableName } from '../rollout/schema/names.js';
import type { SentRelease } from '../rollout/schema/release.js';
import { CommandRefused } from './api-errors.js';
import { collect } from './collect.js';

export interface ReleaseOptions {
  artifact?: string;
  image?: string;
  config?: Record<string, string>;
  migrations?: string;
  freeOf?: string[];
}

/** The options that describe a release; without any of them the version must be known already. */
export const addReleaseOptions = (command: Command): Command =>
  command
    .addOption(new Option('--artifact <dir>', 'folder of the artifact; its digest is computed here').conflicts('image'))
    .addOption(new Option('--image <ref>', 'container image, pinned by digest: name@sha256:…'))
    .addOption(new Option('--config <key=value>', 'a setting of the release; may be given more than once').argParser(collectSetting))
    .addOption(new Option('--migrations <dir>', 'folder of its migrations, where they are not in `migrations` of the artifact\'s folder'))
    .addOption(new Option('--free-of <name>', 'a migration whose old shape its code uses no more; may be given more than once').argParser(collect));

/** The release that a command line describes; reads the artifact's folder for its digest and its migrations. */
export async function releaseOf(version: string, { artifact, image, config, migrations, freeOf = [] }: ReleaseOptions): Promise<SentRelease> {
  return {
    version,
    ...(artifact === undefined ? {} : { artifact: await folderArtifact(artifact) }),
    ...(image === undefined ? {} : { artifact: { image } }),
    ...(config === undefined ? {} : { config }),
    ...schemaOf(await migrationsIn(artifact, migrations), freeOf),
  };
}

function schemaOf(found: FolderMigrations, given: string[]): Pick<SentRelease, 'migrations' | 'freeOf'> {
  const freeOf = [...new Set([...found.freeOf, ...given])];
  return { ...(found.migrations.length > 0 && { migrations: found.migrations }), ...(freeOf.length > 0 && { freeOf }) };
}

/** Those of the folder that is named, or else of `migrations` in that of the artifact, where there is one. */
async function migrationsIn(artifact: string | undefined, named: string | undefined): Promise<FolderMigrations> {
  const inside = artifact === undefined ? undefined : path.join(artifact, 'migrations');
  const hasInside = inside !== undefined && existsSync(inside);
  if (named !== undefined && hasInside) throw new CommandRefused(`${inside} is there, and --migrations names another folder: one release has its migrations in one of them.`);
  if (named === undefined && !hasInside) return { migrations: [], freeOf: [] };
  const { readMigrations } = await import('../adapters/migrations-folder.js');
  const found = await readMigrations(named ?? inside!);
  if (named !== undefined && found.migrations.length + found.freeOf.length === 0) {
    throw new CommandRefused(`There is no migration in ${named}: a file of one is named 0001-name.expand.sql.`);
  }
  return found;
}

async function folderArtifact(folder: string) {
  const { digestOfFolder } = await import('../adapters/folder-artifact.js');
  const absolute = path.resolve(folder);
  return { path: absolute, digest: await digestOfFolder(absolute) };
}

function collectSetting(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(0, at));
  if (!VariableName.safeParse(key).success) {
    throw new InvalidArgumentError('Write it as KEY=VALUE, the key in capital letters, digits and _: --config CURRENCY=EUR');
  }
  return { ...before, [key]: text.slice(at + 1) };
}
