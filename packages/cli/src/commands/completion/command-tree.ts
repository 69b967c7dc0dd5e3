import type { Command } from 'commander';

/** A word that can follow, and what it means. */
export interface Word {
  readonly text: string;
  readonly meaning: string;
}

/** An option in its long form. */
export interface OptionWord extends Word {
  /** All of its forms. */
  readonly forms: readonly string[];
  /** Whether the next word is its value. */
  readonly takesValue: boolean;
}

/** What can follow a command. */
export interface CommandWords {
  /** The names of the commands before it: `[]` for the program, `['tokens', 'create']` for a command of a command. */
  readonly path: readonly string[];
  readonly commands: readonly Word[];
  /** Values of its arguments, where they are known. */
  readonly values: readonly Word[];
  /** Those of the program included. */
  readonly options: readonly OptionWord[];
}

/** Returns what can follow each command, the program first. */
export function listCommandWords(command: Command, path: readonly string[] = []): readonly CommandWords[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const own = {
    path,
    commands: subcommands.map((sub) => ({ text: sub.name(), meaning: sub.summary() || sub.description() })),
    values: command.registeredArguments
      .flatMap(({ argChoices = [] }) => argChoices)
      .map((text) => ({ text, meaning: '' })),
    options: [...new Set([...help.visibleOptions(command), ...help.visibleGlobalOptions(command)])].map((option) => ({
      text: option.long ?? option.flags,
      forms: [option.short, option.long].filter((form) => form != null),
      meaning: option.description,
      takesValue: option.required || option.optional,
    })),
  };
  const isHelp = (sub: Command) => sub.name() === 'help';
  return [
    own,
    ...subcommands.filter((sub) => !isHelp(sub)).flatMap((sub) => listCommandWords(sub, [...path, sub.name()])),
  ];
}
