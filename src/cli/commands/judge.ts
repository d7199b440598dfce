import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { replayCommand } from './judge-replay.js';
import { samplesCommand } from './judge-samples.js';

export const judgeCommand: CliCommand = (act) =>
  new Command('judge')
    .description('what the judge of the soaks sees, and what it would say')
    .addCommand(replayCommand(act))
    .addCommand(samplesCommand(act))
    .addHelpText('after', examples('meridian judge samples shop-3 production/sydney > sydney.jsonl', 'meridian judge replay sydney.jsonl --summary'));
