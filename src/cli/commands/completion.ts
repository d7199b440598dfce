import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { commandTreeOf, type CommandTree } from '../completion/command-tree.js';
import { fishCompletion } from '../completion/fish.js';
import { zshCompletion } from '../completion/zsh.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<string, (tree: CommandTree) => string>;

type Shell = keyof typeof scripts;

export const completionCommand: CliCommand = (act) =>
  new Command('completion')
    .description('the script that lets a shell complete this command')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText('after', examples(
      'source <(meridian completion bash)    # in ~/.bashrc',
      'source <(meridian completion zsh)     # in ~/.zshrc, after compinit',
      'meridian completion fish > ~/.config/fish/completions/meridian.fish',
    ))
    .action(act(async (context, shell: Shell, _options: object, command: Command) => {
      const script = scripts[shell](commandTreeOf(command.parent!));
      context.result({ shell, script }, () => script);
      return exitCodes.done;
    }));
