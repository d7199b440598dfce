import type { Argument, Command, Option } from 'commander';

/** What the shell offers where a value is expected: files, folders, one of a few words, or nothing that it could know. */
export type Value = { kind: 'files' } | { kind: 'folders' } | { kind: 'words'; words: string[] } | { kind: 'open' };

export interface CompletedOption {
  /** `--file`, `-f`: every way to write it. */
  flags: string[];
  description: string;
  /** Absent for a switch. */
  value?: { name: string } & Value;
}

export interface CompletedCommand {
  name: string;
  description: string;
  options: CompletedOption[];
  arguments: ({ name: string } & Value)[];
}

/** A command line as completion sees it: the options that every command takes, and the commands. */
export interface CommandTree {
  name: string;
  options: CompletedOption[];
  commands: CompletedCommand[];
}

/** The tree that commander knows, so that a new command is completed without another word. */
export const commandTreeOf = (program: Command): CommandTree => ({
  name: program.name(),
  options: [...program.options.map(completedOption), { flags: ['--help', '-h'], description: 'display help for command' }],
  commands: program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [command, ...command.commands].flatMap(({ options }) => options.map(completedOption)),
    arguments: command.commands.length === 0 ? command.registeredArguments.map(completedArgument) : argumentsOfGroup(command.commands),
  })),
});

/** A command of commands (`judge replay`) takes the name of one of them first; what comes then is any of what they take. */
const argumentsOfGroup = (commands: readonly Command[]): CompletedCommand['arguments'] => [
  { name: 'command', kind: 'words', words: commands.map((command) => command.name()) },
  ...commands.flatMap((command) => command.registeredArguments.map(completedArgument)).filter(({ kind }) => kind !== 'open').slice(0, 1),
];

function completedOption(option: Option): CompletedOption {
  const flags = [option.long, option.short].filter((flag) => typeof flag === 'string');
  const { description } = option;
  const name = /<(.+)>/.exec(option.flags)?.[1];
  return name === undefined ? { flags, description } : { flags, description, value: { name, ...valueOf(name, option.argChoices) } };
}

const completedArgument = (argument: Argument) => ({ name: argument.name(), ...valueOf(argument.name(), argument.argChoices) });

/** A placeholder says what it stands for: <file> and <dir> are completed with paths. */
function valueOf(name: string, choices: readonly string[] | undefined): Value {
  if (choices) return { kind: 'words', words: [...choices] };
  if (name === 'file') return { kind: 'files' };
  return name === 'dir' ? { kind: 'folders' } : { kind: 'open' };
}
