import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

export interface Command {
  /** Printed for `--help`. */
  readonly help: string;
  /** The largest number of folders that it takes, and the smallest. */
  readonly folders: { readonly min: number; readonly max: number };
  /** @returns the exit code */
  run(folders: readonly string[], dataDir: string): Promise<number>;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** The exit code of a command that could not do its work. */
const failed = 1;

/** Runs a command of the command line, and ends this process. Folders are relative to where the caller is. */
export const runCommand = (command: Command, args: readonly string[]): Promise<never> =>
  endWith(() => execute(command, args));

/** How a program ends. */
export interface Ending {
  /** What did not happen, before the message of an expected error. */
  readonly failedTo?: string;
  /** How long its reader may take to read what it has printed. Absent: any time. */
  readonly longestReadMs?: number;
}

/**
 * Ends this process with the exit code that the work returns. The message of an expected error says what to do, so it is
 * enough. A bug is printed with its stack.
 */
export async function endWith(work: () => Promise<number>, ending: Ending = {}): Promise<never> {
  // If the terminal or the pipe that it prints to was closed, the work must still be finished, and stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { failedTo = '', longestReadMs } = ending;
  const code = await (async () => work())().catch((error: unknown) => {
    complain(isExpected(error) ? `${failedTo}${error.message}` : String((error as Error).stack ?? error));
    return failed;
  });
  const read = Promise.all([process.stdout, process.stderr].map(untilRead));
  await Promise.race([read, ...(longestReadMs === undefined ? [] : [wait(longestReadMs)])]);
  process.exit(code);
}

/** A pipe takes what its reader leaves room for. What it has not taken yet would be lost at the exit. */
const untilRead = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

/** `parseArgs` throws a `TypeError` for an option that the caller got wrong. */
const isExpected = (error: unknown): error is Error =>
  error instanceof Error &&
  (String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS_') ||
    !(error instanceof TypeError || error instanceof ReferenceError));

async function execute({ help, folders, run }: Command, args: readonly string[]): Promise<number> {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) {
    say(help);
    return 0;
  }
  if (positionals.length < folders.min || positionals.length > folders.max) {
    complain(help);
    return failed;
  }
  // Package managers and bin/posthorn run commands in the folder of the installation, and say where the caller is.
  const caller = process.env.INIT_CWD ?? process.cwd();
  return run(
    positionals.map((path) => resolve(caller, path)),
    resolve(process.env.POSTHORN_DATA_DIR || '.posthorn'),
  );
}
