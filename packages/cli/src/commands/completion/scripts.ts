import type { CommandWords, Word } from './command-tree.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Writes the completion of a shell. Nothing of the program runs when a key is pressed. */
export const completionScript = (shell: Shell, commands: readonly CommandWords[]): string => writers[shell](commands);

/** A text as one word, for all three shells. Fish alone reads a backslash in it. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const quoteForFish = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const everyWord = ({ commands, values, options }: CommandWords): readonly Word[] => [
  ...commands,
  ...values,
  ...options,
];
const isBelow = ({ path }: CommandWords): boolean => path.length > 0;
const lines = (texts: readonly string[], indent: string): string => texts.map((text) => indent + text).join('\n');

/** The forms of all options that take a value. The word behind such an option names no command. */
const formsWithValue = (commands: readonly CommandWords[]): readonly string[] => [
  ...new Set(commands.flatMap(({ options }) => options.flatMap(({ forms, takesValue }) => (takesValue ? forms : [])))),
];

const pathsOf = (commands: readonly CommandWords[]): readonly string[] =>
  commands.filter(isBelow).map((one) => quote(pathOf(one)));
const pathOf = ({ path }: CommandWords): string => path.map((name) => ` ${name}`).join('');

/** How bash and zsh find out which command the words before the cursor name, and whether a value comes now. */
const followPath = (commands: readonly CommandWords[], wordsBefore: string): string => `for word in ${wordsBefore}; do
    if [[ -n "$option" ]]; then option=''; continue; fi
    case "$word" in
      ${formsWithValue(commands).join(' | ')}) option="$word" ;;
    esac
    case "$at $word" in
      ${pathsOf(commands).join(' | ')}) at="$at $word" ;;
    esac
  done`;

const bash = (commands: readonly CommandWords[]): string => `# bash completion of posthorn
_posthorn() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at='' option='' words='' word
  ${followPath(commands, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  [[ -z "$option" ]] || return
  case "$at" in
${lines(
  commands.map((one) => {
    const words = everyWord(one).map(({ text }) => text);
    return `${quote(pathOf(one))}) words=${quote(words.join(' '))} ;;`;
  }),
  '    ',
)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _posthorn posthorn
`;

const zsh = (commands: readonly CommandWords[]): string => `#compdef posthorn
# zsh completion of posthorn
_posthorn() {
  local at='' option='' word
  local -a found
  ${followPath(commands, `"\${words[@]:1:$((CURRENT - 2))}"`)}
  if [[ -n "$option" ]]; then _files; return; fi
  case "$at" in
${lines(
  commands.map((one) => {
    const words = everyWord(one).map(({ text, meaning }) => quote(`${text.replaceAll(':', '\\:')}:${meaning}`));
    return `${quote(pathOf(one))}) found=(${words.join(' ')}) ;;`;
  }),
  '    ',
)}
  esac
  _describe posthorn found || _files
}
if [ "\${funcstack[1]}" = _posthorn ]; then _posthorn "$@"; else compdef _posthorn posthorn; fi
`;

const fish = (commands: readonly CommandWords[]): string => {
  const complete = (one: CommandWords, rest: string, meaning: string) =>
    `complete -c posthorn -n ${quoteForFish(`__posthorn_at ${quote(pathOf(one))}`)} ${rest} -d ${quoteForFish(meaning)}`;
  const all = commands.flatMap((one) => [
    ...[...one.commands, ...one.values].map(({ text, meaning }) => complete(one, `-f -a ${text}`, meaning)),
    ...one.options.map(({ text, takesValue, meaning }) =>
      complete(one, `-l ${text.replace(/^--/, '')}${takesValue ? ' -r' : ' -f'}`, meaning),
    ),
  ]);
  return `# fish completion of posthorn
function __posthorn_at -d 'Whether the words before the cursor name this command'
  set -l at ''
  set -l option ''
  for word in (commandline -opc)[2..-1]
    if test -n "$option"
      set option ''
      continue
    end
    contains -- $word ${formsWithValue(commands).join(' ')}; and set option $word
    contains -- "$at $word" ${pathsOf(commands).join(' ')}; and set at "$at $word"
  end
  test "$at" = "$argv[1]"
end
${all.join('\n')}
`;
};

const writers: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };
