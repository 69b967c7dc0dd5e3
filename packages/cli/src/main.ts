import { setImmediate } from 'node:timers/promises';
import { type Command, CommanderError } from 'commander';
import { createContext, type GlobalOptions } from './context.ts';
import { CliError, exitCodes } from './exit/cli-error.ts';
import { addCommands, createProgram } from './program.ts';
import { errorText } from './terminal/error-text.ts';
import type { Io, StopReason } from './terminal/io.ts';
import { createStyle } from './terminal/style.ts';

/**
 * Runs one command line, and returns its exit code. It never ends the process.
 *
 * @param args - without the program and its file: `['api', 'GET', '/app']`
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram();
  const { context, close } = createContext(io, () => program.opts<GlobalOptions>());
  program.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    // Usage errors are printed below, as all others are.
    writeErr: (text) => void (args.includes('--json') || io.stderr.write(text)),
    outputError: () => undefined,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  addCommands(program, context);
  try {
    await untilStopped(parse(program, args), io.stop);
    return exitCodes.done;
  } catch (error) {
    // Whether all of the help was written is known a moment later.
    await setImmediate();
    const { aborted, reason } = io.stop;
    if (aborted && !(reason instanceof CliError)) return exitCodeOfStop(reason);
    const failure = aborted ? reason : toFailure(error, program, args);
    if (failure === undefined) return exitCodes.done;
    const isJson = args.includes('--json');
    const form = { isJson, style: createStyle(io, 'stderr'), isVerbose: args.includes('--verbose') };
    context.report(errorText(failure, form));
    return failure instanceof CliError ? failure.exitCode : exitCodes.failed;
  } finally {
    close();
  }
}

async function parse(program: Command, args: readonly string[]): Promise<void> {
  await program.parseAsync(args, { from: 'user' });
}

/** Ends with an error when the program is to stop, also if the work does not notice. */
async function untilStopped(work: Promise<void>, stop: AbortSignal): Promise<void> {
  let end = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    end = () => reject(new CliError('interrupted', 'Stopped'));
  });
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', end);
  }
}

/** A reader that has seen enough (`posthorn … | head`) is no failure. */
const stopCodes: Readonly<Record<StopReason, number>> = {
  interrupted: exitCodes.interrupted,
  terminated: 143,
  'output-closed': exitCodes.done,
};

const exitCodeOfStop = (reason: unknown): number => stopCodes[reason as StopReason] ?? exitCodes.interrupted;

/** The command of a line with its program: `posthorn tokens create`. */
function commandOf(program: Command, args: readonly string[]): string {
  const [path] = args.reduce<readonly [string, Command]>(
    ([name, command], word) => {
      const next = command.commands.find((one) => one.name() === word);
      return next ? [`${name} ${word}`, next] : [name, command];
    },
    [program.name(), program],
  );
  return path;
}

/** Help and version are no failures, unless a command is missing. */
function toFailure(error: unknown, program: Command, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const { code, exitCode, message } = error;
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') {
    const [first, unknown] = program.args;
    const text = first === 'help' && unknown !== undefined ? `unknown command '${unknown}'` : 'A command is missing';
    return new CliError('usage', text, { code: 'usage' });
  }
  // The second line is a suggestion.
  const [cause = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const remedy = suggestion?.replace(/^\((.*)\)$/, '$1') ?? `See ${commandOf(program, args)} --help`;
  return new CliError('usage', cause, { code: 'usage', remedy, cause: error });
}
