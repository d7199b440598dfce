import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { VariableName } from '../rollout/schema/names.js';
import type { Release } from '../rollout/schema/release.js';

export interface ReleaseOptions {
  artifact?: string;
  image?: string;
  config?: Record<string, string>;
}

/** The options that describe a release; without any of them the version must be known already. */
export const addReleaseOptions = (command: Command): Command =>
  command
    .addOption(new Option('--artifact <dir>', 'folder of the artifact; its digest is computed here').conflicts('image'))
    .addOption(new Option('--image <ref>', 'container image, pinned by digest: name@sha256:…'))
    .addOption(new Option('--config <key=value>', 'a setting of the release; may be given more than once').argParser(collectSetting));

/** The release that a command line describes; reads the artifact's folder for its digest. */
export async function releaseOf(version: string, { artifact, image, config }: ReleaseOptions): Promise<Release> {
  return {
    version,
    ...(artifact === undefined ? {} : { artifact: await folderArtifact(artifact) }),
    ...(image === undefined ? {} : { artifact: { image } }),
    ...(config === undefined ? {} : { config }),
  };
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
