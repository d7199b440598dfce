import type { CommandTree, CompletedOption, Value } from './command-tree.js';

/** A completion script for zsh: to be sourced, or put into a folder of $fpath as `_meridian`. */
export function zshCompletion({ name, options, commands }: CommandTree): string {
  return `#compdef ${name}
# Completion of ${name} for zsh: source <(${name} completion zsh)
_${name}() {
  local state line
  local -a commands=(
${commands.map((command) => `    ${quote(`${command.name}:${command.description}`)}`).join('\n')}
  )
  local -a everywhere=(
${options.map((option) => `    ${optionSpec(option)}`).join('\n')}
  )
  _arguments -C "$everywhere[@]" '1: :->command' '*:: :->argument'
  case "$state" in
    command) _describe command commands ;;
    argument)
      case "$line[1]" in
${commands.map((command) => `        ${command.name}) _arguments ${[
    '"$everywhere[@]"',
    ...command.options.map(optionSpec),
    ...command.arguments.map((argument, at) => quote(`${at + 1}:${escapeColons(argument.name)}:${action(argument)}`)),
  ].join(' ')} ;;`).join('\n')}
      esac ;;
  esac
}
if [[ "$funcstack[1]" == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi`;
}

/** `(-f --file)`{-f,--file}`[description]:name:action`: all ways to write an option, of which one is enough. */
function optionSpec({ flags, description, value }: CompletedOption): string {
  const text = `[${description.replaceAll(/[\\[\]:]/g, '\\$&')}]${value === undefined ? '' : `:${escapeColons(value.name)}:${action(value)}`}`;
  return flags.length === 1 ? quote(`${flags[0]}${text}`) : `${quote(`(${flags.join(' ')})`)}{${flags.join(',')}}${quote(text)}`;
}

function action(value: Value): string {
  switch (value.kind) {
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'open':
      return ' ';
  }
}

const escapeColons = (text: string): string => text.replaceAll(':', '\\:');

const quote = (text: string): string => `'${text.replaceAll(`'`, `'\\''`)}'`;
