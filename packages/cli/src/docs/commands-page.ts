import type { Command } from 'commander';
import { createContext } from '../context.ts';
import { addCommands, createProgram } from '../program.ts';
import type { Io } from '../terminal/io.ts';

const marks = {
  start: '<!-- Generated from packages/cli by `pnpm run docs`. Do not edit by hand. -->',
  end: '<!-- End of the generated part. -->',
};
const helpWidth = 100;

/** Returns docs/cli.md with the present help of every command between its marks. */
export function withCommands(page: string): string {
  const start = page.indexOf(marks.start);
  const end = page.indexOf(marks.end);
  if (start < 0 || end < start) throw new Error(`docs/cli.md must contain ${marks.start} and ${marks.end}`);
  return `${page.slice(0, start)}${marks.start}\n\n${commandsText()}\n${page.slice(end)}`;
}

function commandsText(): string {
  const program = createProgram();
  // Commands only keep the context: nothing of it is used before one runs.
  const io = { env: {}, isTerminal: {} } as Io;
  addCommands(program, createContext(io, () => ({})).context);
  return listCommands(program)
    .map((command) => `### ${nameOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`)
    .join('\n');
}

/** The program itself, and all commands that do something. */
const listCommands = (command: Command): readonly Command[] => [
  ...(command.parent && command.commands.length > 0 ? [] : [command]),
  ...command.commands.flatMap(listCommands),
];

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** The options of the program are shown in its own help only. */
function helpOf(command: Command): string {
  let help = '';
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureHelp({ showGlobalOptions: false, helpWidth }).configureOutput({ writeOut }).outputHelp();
  return help.trim();
}
