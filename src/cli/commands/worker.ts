import { Command } from 'commander';
import type { Config } from '../../config.js';
import { CommandRefused } from '../api-errors.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { untilStopped } from '../until-stopped.js';

export const workerCommand: CliCommand = (act) =>
  new Command('worker')
    .description('run a worker: workflows and activities; there may be many. SIGTERM lets it finish what is in hand')
    .addHelpText('after', examples('TEMPORAL_ADDRESS=temporal.example:7233 meridian worker'))
    .action(act(async (context) => {
      const { startWorker } = await import('../../worker.js');
      const worker = await startWorker(context.config).catch((error: unknown) => { throw withAdvice(error, context.config); });
      context.say(`A worker polls the task queue ${context.config.taskQueue}.`);
      await untilStopped({ stop: () => worker.shutdown(), closed: worker.closed }, context.say);
      return exitCodes.done;
    }));

/** Temporal's native client says only that a connection was refused, not whose. */
function withAdvice(error: unknown, { temporal }: Config): unknown {
  if (!(error instanceof Error) || error.name !== 'TransportError') return error;
  const address = temporal.address ?? `127.0.0.1:${temporal.port}`;
  return new CommandRefused(`Temporal cannot be reached at ${address}. Start it, or name its address with TEMPORAL_ADDRESS.\n  (${error.message})`);
}
