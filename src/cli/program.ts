import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { commandGroups } from './commands.js';
import { createContext, type Act, type GlobalOptions, type Surroundings } from './context.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { explain } from './explain.js';

/** Runs one command line (without `node` and the script) to its end and answers the exit code; it never throws. */
export async function runCli(argv: string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const act: Act = (action) => async function run(this: Command, ...args) {
    exitCode = await action(createContext(surroundings, this.optsWithGlobals<GlobalOptions>()), ...args);
  };
  try {
    await createProgram(act, surroundings).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    surroundings.stderr.write(`${explain(error)}\n`);
    return exitCodes.refused;
  }
  return exitCode;
}

/** The whole command line, as a tree of commands. */
export function createProgram(act: Act, { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>): Command {
  const program = new Command('meridian')
    .description('Durable multi-region rollouts on Temporal: region after region, one gate at a time, with an undo that always works.')
    .version(version(), '--version', 'print the version')
    .addOption(new Option('--output <format>', 'json: standard output is one JSON value, messages go to standard error').choices(['text', 'json']).default('text'))
    .option('--api <url>', 'address of the API (default: MERIDIAN_API, or MERIDIAN_HOST and MERIDIAN_PORT)')
    .option('--user <name>', 'who acts, for the record (default: MERIDIAN_USER, or the user of the operating system)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', afterHelp)
    .exitOverride();
  for (const { heading, commands } of commandGroups) {
    for (const command of commands) program.addCommand(inherit(command(act), program).helpGroup(heading));
  }
  return program;
}

/** The settings of the program, for a command and for the commands in it. */
function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from).commands.forEach((inner) => inherit(inner, from));
  return command;
}

const version = (): string => (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

const afterHelp = `
MERIDIAN_TOKEN holds the token of an API that asks for one; it is never given on the command line.

Exit codes:
  ${exitCodes.done}   done
  ${exitCodes.refused}   refused, or the request could not be made
  ${exitCodes.rolledBack}   the rollout was rolled back
  ${exitCodes.waiting}   the rollout is held, or waits for a person
  ${exitCodes.failed}   the rollout failed, was aborted or superseded
  ${exitCodes.timedOut}   --timeout is over, the rollout goes on
  ${exitCodes.usage}  the command line is not right
  ${exitCodes.interrupted} ended by Ctrl-C before there was an outcome`;
