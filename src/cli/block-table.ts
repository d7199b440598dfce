import type { Block } from '../rollout/schema/block.js';
import { localTime } from './local-time.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable } from './text-columns.js';

/** Blocks as a person reads them: which release, where, who said so and why. */
export function renderBlocks(blocks: Block[], options: TableOptions): string {
  if (blocks.length === 0) return 'No release is blocked.';
  return blocks.flatMap((block) => blockLines(block, options)).join('\n');
}

function blockLines({ name, version, digest, pipelines, reason, by, at }: Block, { width, colours, timezone }: TableOptions): string[] {
  const what = [...(version === undefined ? [] : [version]), ...(digest === undefined ? [] : [digest])].join(' and ');
  const where = pipelines === undefined ? 'in every pipeline' : `in ${pipelines.join(', ')}`;
  return [colours.bold(name), ...hanging('  ', printable(`${what} ${where}, by ${by} ${localTime(at, timezone)}: ${reason}`), width)];
}
