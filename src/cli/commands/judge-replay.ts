import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import type { JudgeOptions } from '../../judge/soak.js';
import { parseDuration } from '../../rollout/duration.js';
import type { CliCommand, Context } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { SoakSummary } from '../judge/summary.js';

interface ReplayOptions extends JudgeOptions {
  summary?: boolean;
}

export const replayCommand: CliCommand = (act) =>
  new Command('replay')
    .description('judge soaks again from their samples: a verdict for each sample, as JSON lines; the same code as the live watch')
    .argument('<file...>', 'soaks as JSON lines, one soak a file; - is standard input')
    .option('--margin <factor>', 'what if the smallest effect that matters were this, for every check', factorOption)
    .option('--bar <odds>', 'what if this much evidence failed a soak, in place of 200 : 1 and what calibration makes of it', factorOption)
    .option('--min <duration>', 'what if this much time had to be credited, as 30m or in seconds', secondsOption)
    .option('--summary', 'one line a soak: how it would have ended, when and why')
    .addHelpText('after', examples(
      'meridian judge replay soak.jsonl', 'meridian judge replay --summary --margin 1.2 soaks/*.jsonl',
      'meridian judge samples shop-3 production/sydney | meridian judge replay -',
    ))
    .action(act(replay));

async function replay(context: Context, files: string[], { summary = false, ...options }: ReplayOptions): Promise<ExitCode> {
  const { replayFiles } = await import('../judge/replay-files.js');
  const summaries: SoakSummary[] = [];
  let hasFailed = false;
  for await (const replayed of replayFiles(files.map((file) => ({ file, options, summary, named: files.length > 1 })))) {
    for (const message of [...replayed.notes, ...(replayed.failure === undefined ? [] : [replayed.failure])]) context.warn(message);
    hasFailed ||= replayed.failure !== undefined;
    if (replayed.summary !== undefined) summaries.push(replayed.summary);
    await writeLines(context, replayed.lines);
  }
  if (summaries.length > 0) {
    const { renderSummaries } = await import('../judge/summary.js');
    context.result(summaries, () => renderSummaries(summaries, context.isLive ? context.width : Infinity));
  }
  return hasFailed ? exitCodes.refused : exitCodes.done;
}

/** Waits for a reader that is slower than the judge, so that what is written does not fill the memory. */
async function writeLines({ stdout }: Context, lines: string[]): Promise<void> {
  if (lines.length > 0 && !stdout.write(`${lines.join('\n')}\n`)) await once(stdout, 'drain');
}

function factorOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 1) throw new InvalidArgumentError('Write a number above 1.');
  return value;
}

function secondsOption(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (parseDuration(text) ?? Number.NaN) / 1_000;
  if (!Number.isFinite(seconds)) throw new InvalidArgumentError('Write a duration as 30s, 45m, 2h or 1d, or seconds as 90.');
  return seconds;
}
