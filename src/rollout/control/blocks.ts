import { MeridianFailure } from '../failure.js';
import { jsonBytes } from '../json-bytes.js';
import { limits } from '../limits.js';
import type { Block, BlockRequest } from '../schema/block.js';
import type { Release } from '../schema/release.js';

/** The first block that this release meets in this pipeline, by its version or by the digest of its artifact; null when there is none. */
export const blockOf = (blocks: Block[], pipeline: string, release: Release): Block | null =>
  blocks.find((block) => (block.pipelines?.includes(pipeline) ?? true) && isNamed(block, release)) ?? null;

function isNamed({ version, digest }: Block, release: Release): boolean {
  return version === release.version || (digest !== undefined && digest === digestOf(release));
}

/** `sha256:…` of a folder or of an image. */
function digestOf({ artifact }: Release): string | undefined {
  if (artifact === undefined) return undefined;
  return 'digest' in artifact ? artifact.digest : artifact.image.slice(artifact.image.lastIndexOf('@') + 1);
}

/** Why nobody may ship this release, and what to do: the same words wherever it is refused or held. */
export const blockedMessage = ({ name, by, reason }: Pick<Block, 'name' | 'by' | 'reason'>, { version }: Pick<Release, 'version'>): string =>
  `${version} is blocked (${name}, by ${by}): ${reason}. Ship another release, or lift the block first.`;

/** The blocks with this one; it replaces one of the same name. `now` is ISO 8601. Throws `InvalidRequest` when there are too many. */
export function setBlock(blocks: Block[], { name, request, by }: { name: string; request: BlockRequest; by: string }, now: string): Block[] {
  const block: Block = { name, ...request, by, at: now };
  const isKnown = blocks.some((each) => each.name === name);
  const all = isKnown ? blocks.map((each) => (each.name === name ? block : each)) : [...blocks, block];
  const bytes = jsonBytes(all);
  if (all.length > limits.blocks || bytes > limits.blockBytes) {
    throw new MeridianFailure('InvalidRequest', `With this one there would be ${all.length} blocks in ${bytes} bytes; kept are at most ${limits.blocks} in ${limits.blockBytes}. `
      + 'Lift one that is not needed any more, or give a shorter reason.');
  }
  return all;
}

/** The blocks without this one. Throws `BlockNotFound`. */
export function liftBlock(blocks: Block[], name: string): Block[] {
  if (!blocks.some((block) => block.name === name)) {
    throw new MeridianFailure('BlockNotFound', `There is no block ${name}; there are: ${blocks.map((block) => block.name).join(', ') || 'none'}.`);
  }
  return blocks.filter((block) => block.name !== name);
}
