import type { CommandTree, CompletedOption, Value } from './command-tree.js';

/** A completion script for fish. */
export function fishCompletion({ name, options, commands }: CommandTree): string {
  const complete = `complete -c ${name}`;
  return [
    `# Completion of ${name} for fish: ${name} completion fish | source`,
    `${complete} -f`,
    ...options.map((option) => `${complete} ${optionWords(option)}`),
    ...commands.flatMap((command) => {
      const inside = `${complete} -n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
      return [
        `${complete} -n __fish_use_subcommand -a ${command.name} -d ${quote(command.description)}`,
        ...command.options.map((option) => `${inside} ${optionWords(option)}`),
        ...command.arguments.filter(({ kind }) => kind !== 'open').map((argument) => `${inside} ${valueWords(argument)}`),
      ];
    }),
  ].join('\n');
}

function optionWords({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(value === undefined ? [] : [`${value.kind === 'files' ? '-r' : '-x'} ${valueWords(value)}`.trim()]), `-d ${quote(description)}`].join(' ');
}

function valueWords(value: Value): string {
  switch (value.kind) {
    case 'files':
      return '-F';
    case 'folders':
      return `-a '(__fish_complete_directories)'`;
    case 'words':
      return `-a ${quote(value.words.join(' '))}`;
    case 'open':
      return '';
  }
}

const quote = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
