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

/** How bash and zsh find out which command the words before the cursor name. */
const followPath = (commands: readonly CommandWords[]): string => {
  const known = commands.filter(isBelow).map(({ path }) => quote(['', ...path].join(' ')));
  return `case "$at $word" in\n      ${known.join(' | ')}) at="$at $word" ;;\n    esac`;
};

const atOf = ({ path }: CommandWords): string => quote(path.map((name) => ` ${name}`).join(''));

const bash = (commands: readonly CommandWords[]): string => `# bash completion of posthorn
_posthorn() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    ${followPath(commands)}
  done
  case "$at" in
${lines(
  commands.map((one) => {
    const words = everyWord(one).map(({ text }) => text);
    return `${atOf(one)}) words=${quote(words.join(' '))} ;;`;
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
  local at='' word
  local -a found
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    ${followPath(commands)}
  done
  case "$at" in
${lines(
  commands.map((one) => {
    const words = everyWord(one).map(({ text, meaning }) => quote(`${text.replaceAll(':', '\\:')}:${meaning}`));
    return `${atOf(one)}) found=(${words.join(' ')}) ;;`;
  }),
  '    ',
)}
  esac
  _describe posthorn found || _files
}
if [ "\${funcstack[1]}" = _posthorn ]; then _posthorn "$@"; else compdef _posthorn posthorn; fi
`;

const fish = (commands: readonly CommandWords[]): string => {
  const conditionOf = ({ path, commands: subcommands }: CommandWords): string => {
    if (path.length === 0) return '__fish_use_subcommand';
    const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
    const below = subcommands.map(({ text }) => text);
    return [...seen, ...(below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [])].join(
      '; and ',
    );
  };
  const complete = (one: CommandWords, rest: string, meaning: string) =>
    `complete -c posthorn -n ${quoteForFish(conditionOf(one))} ${rest} -d ${quoteForFish(meaning)}`;
  const all = commands.flatMap((one) => [
    ...[...one.commands, ...one.values].map(({ text, meaning }) => complete(one, `-f -a ${text}`, meaning)),
    ...one.options.map(({ text, takesValue, meaning }) =>
      complete(one, `-l ${text.replace(/^--/, '')}${takesValue ? ' -r' : ' -f'}`, meaning),
    ),
  ]);
  return `# fish completion of posthorn\n${all.join('\n')}\n`;
};

const writers: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };
