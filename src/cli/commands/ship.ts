import { Command, Option } from 'commander';
import type { CliCommand } from '../context.js';
import { parseDurationOption } from '../duration-option.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { nameKnown } from '../name-known.js';
import { addReleaseOptions, releaseOf, type ReleaseOptions } from '../release-options.js';
import { pictureOf } from '../rollout-display.js';
import { addShipOptions, shipOptionsOf, type ShipCommandOptions } from '../ship-options.js';
import { waitForRollout } from '../wait-for-rollout.js';

interface ShipOptions extends ReleaseOptions, ShipCommandOptions {
  wait?: true;
  timeout?: number;
}

export const shipCommand: CliCommand = (act) =>
  addShipOptions(addReleaseOptions(new Command('ship')))
    .description('ship a release through the lifecycle of a pipeline')
    .argument('<pipeline>')
    .argument('<version>', 'a known release, or a new one with --artifact or --image')
    .option('--wait', 'follow it until it has ended or needs a person')
    .addOption(new Option('--timeout <duration>', 'wait no longer than this').argParser(parseDurationOption).implies({ wait: true }))
    .addHelpText('after', examples(
      'meridian ship shop 1.1.0',
      'meridian ship shop 1.2.0 --artifact dist --config CURRENCY=EUR --to staging --wait --timeout 10m',
      'meridian ship shop 1.3.0 --image shop@sha256:… --migrations db/migrations --free-of 0001-split-name',
      'meridian ship shop 1.2.1 --hotfix --reason "carts of ten items fail"',
      'meridian ship shop 1.3.0 --tonight --rehearse',
    ))
    .action(act(async (context, pipeline: string, version: string, options: ShipOptions) => {
      const release = await nameKnown(context.api, pipeline, await releaseOf(version, options));
      const rollout = await context.api.startRollout({ pipeline, release, ...shipOptionsOf(options) });
      if (options.wait) return waitForRollout(context, rollout, options.timeout);
      context.result(rollout, () => pictureOf(rollout, context));
      return exitCodes.done;
    }));
