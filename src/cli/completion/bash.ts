import type { CommandTree, CompletedCommand, CompletedOption, Value } from './command-tree.js';

/** A completion script for bash; it needs nothing but bash itself, 3.2 (macOS) included. */
export function bashCompletion({ name, options, commands }: CommandTree): string {
  const words = commands.map((command) => command.name);
  const offer = offering(name);
  const global = options.flatMap(({ flags }) => flags);
  return `# Completion of ${name} for bash: source <(${name} completion bash)

# Adds what compgen finds, one candidate a line, so that paths with spaces stay whole.
_${name}_offer() {
  local candidate
  while IFS='' read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen "$@" -- "$current")
}

# The same for paths: a folder gets its slash (where bash is newer than that of macOS).
_${name}_offer_paths() {
  compopt -o filenames 2>/dev/null
  _${name}_offer "$@"
}

_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${words.join('|')}) command="$word"; break ;; esac
  done
  COMPREPLY=()
  case "$command $previous" in
${options.flatMap((option) => optionCases(option, offer)).join('\n')}
${commands.flatMap((each) => each.options.flatMap((option) => optionCases(option, offer, each.name))).join('\n')}
  esac
  case "$command $current" in
    ' -'*) ${offer(wordsOf(global))} ;;
${commands.map((each) => `    '${each.name} -'*) ${offer(wordsOf([...each.options.flatMap(({ flags }) => flags), ...global]))} ;;`).join('\n')}
    ' '*) ${offer(wordsOf(words))} ;;
${commands.flatMap((each) => argumentCase(each, offer)).join('\n')}
  esac
}
complete -F _${name} ${name}`;
}

type Offer = (value: Value) => string;

/** An option that takes a value: what is offered after it, and nothing else. Without a command it belongs to all of them. */
function optionCases({ flags, value }: CompletedOption, offer: Offer, command?: string): string[] {
  if (value === undefined) return [];
  const patterns = flags.map((flag) => (command === undefined ? `*' ${flag}'` : `'${command} ${flag}'`));
  return [`    ${patterns.join('|')}) ${[offer(value), 'return'].filter(Boolean).join('; ')} ;;`];
}

function argumentCase({ name, arguments: all }: CompletedCommand, offer: Offer): string[] {
  const offers = all.map(offer).filter(Boolean);
  return offers.length === 0 ? [] : [`    '${name} '*) ${offers.join('; ')} ;;`];
}

const wordsOf = (words: string[]): Value => ({ kind: 'words', words });

/** The shell command that offers a value; empty where the shell can know nothing. */
const offering = (name: string): Offer => (value) => {
  switch (value.kind) {
    case 'files':
      return `_${name}_offer_paths -f`;
    case 'folders':
      return `_${name}_offer_paths -d`;
    case 'words':
      return `_${name}_offer -W '${value.words.join(' ')}'`;
    case 'open':
      return '';
  }
};
