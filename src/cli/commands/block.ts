import { Command } from 'commander';
import { CommandRefused } from '../api-errors.js';
import { renderBlocks } from '../block-table.js';
import { collect } from '../collect.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

interface BlockOptions {
  release?: string;
  digest?: string;
  pipeline?: string[];
  reason: string;
}

export const blockCommand: CliCommand = (act) =>
  new Command('block')
    .description('let nobody ship a release, by its version or by the digest of its artifact')
    .argument('<block>', 'a name for it, for example cve-2026-1234')
    .option('--release <version>', 'the version that is blocked')
    .option('--digest <digest>', 'the artifact that is blocked, wherever it turns up: sha256:…')
    .option('--pipeline <name>', 'only in this pipeline; may be given more than once, in every pipeline without it', collect)
    .requiredOption('--reason <text>', 'why: repeated to whoever tries to ship it')
    .addHelpText('after', examples(
      'meridian block wrong-totals --release 1.2.0 --pipeline shop --reason "carts of ten items fail"',
      'meridian block cve-2026-1234 --digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --reason "CVE-2026-1234"',
    ))
    .action(act(async (context, name: string, { release, digest, pipeline, reason }: BlockOptions) => {
      if (release === undefined && digest === undefined) throw new CommandRefused('Say what is to be blocked: --release, --digest or both.');
      const block = await context.api.block(name, {
        ...(release !== undefined && { version: release }),
        ...(digest !== undefined && { digest }),
        ...(pipeline !== undefined && { pipelines: pipeline }),
        reason,
      });
      context.result(block, () => renderBlocks([block], context));
      return exitCodes.done;
    }));
