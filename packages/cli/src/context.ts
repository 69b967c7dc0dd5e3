import { setTimeout as wait } from 'node:timers/promises';
import { type ChosenConnection, type ConnectionChoice, chooseConnection } from './connection/connect.ts';
import { type Connection, createConnection } from './connection/connection.ts';
import { createHttpClient } from './connection/exchange.ts';
import { CliError } from './exit/cli-error.ts';
import type { Io } from './terminal/io.ts';
import { isReaderGone, toOutputFailure } from './terminal/output-failure.ts';
import { toPlainText } from './terminal/plain-text.ts';
import { askLine, canAsk } from './terminal/prompt.ts';
import { createRedaction } from './terminal/redaction.ts';
import { createStyle, type MarkedText } from './terminal/style.ts';

/** Options that every command takes. */
export interface GlobalOptions extends ConnectionChoice {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly io: Io;
  /** Read it inside an action: the command line is parsed by then. */
  options(): GlobalOptions;
  /**
   * Prints a result on stdout: one line of JSON with `--json`, otherwise the text. Its control characters are made plain
   * here. A list is one line, with two spaces between its parts. Resolves when it may go on.
   */
  print(value: unknown, text: string | readonly (string | MarkedText)[]): Promise<void>;
  /** Prints bytes on stdout as they are. */
  printRaw(bytes: string | Uint8Array): Promise<void>;
  /** Writes a line on stderr as it is, but without tokens and secrets. All that is written there goes through it. */
  report(line: string): void;
  /** Keeps a secret that was read out of all that is reported from now on. */
  hideSecret(secret: string): void;
  /** Tells a person something on stderr. With `--json` it is left out. */
  note(text: string): void;
  /**
   * Asks a person. Returns if the answer is yes, or at once if `isYes` (`--yes`).
   *
   * @throws CliError `usage` without a terminal; `failed` if the answer is no
   */
  confirm(question: string, isYes: boolean): Promise<void>;
  /** Opens the connection that the options, the environment and the profile describe. @throws CliError without a token */
  connect(): Promise<Connection>;
  /** The same for a server and a token that are known. */
  connectTo(chosen: ChosenConnection): Connection;
}

/** What `run` needs besides. */
export interface ContextControl {
  readonly context: Context;
  close(): void;
}

export function createContext(io: Io, options: () => GlobalOptions): ContextControl {
  const client = createHttpClient(io);
  const { hideToken, hideSecret, redact } = createRedaction(io.env);
  const report = (line: string) => void io.stderr.write(`${redact(line)}\n`);
  const tell = (text: string) => report(toPlainText(text));
  const printRaw = (bytes: string | Uint8Array) =>
    new Promise<void>((resolve, reject) =>
      io.stdout.write(bytes, (error) => (error && !isReaderGone(error) ? reject(toOutputFailure(error)) : resolve())),
    );
  const style = createStyle(io, 'stdout');
  const writePart = (part: string | MarkedText) =>
    typeof part === 'string' ? toPlainText(part) : style[part.mark](toPlainText(part.text));
  const write = (text: string | readonly (string | MarkedText)[]) => [text].flat().map(writePart).join('  ');
  const connectTo = (chosen: ChosenConnection): Connection => {
    if (chosen.token !== undefined) hideToken(chosen.token);
    const trace = (line: string) => {
      if (options().verbose) tell(line);
    };
    return createConnection({ ...chosen, client, trace, wait: (ms) => wait(ms, undefined, { signal: io.stop }) });
  };
  const context: Context = {
    io,
    options,
    print: (value, text) => printRaw(`${options().json ? JSON.stringify(value) : write(text)}\n`),
    printRaw,
    report,
    hideSecret,
    note: (text) => {
      if (!options().json) tell(text);
    },
    confirm: (question, isYes) => confirm(io, question, isYes),
    connect: async () => connectTo(requireToken(await chooseConnection(options(), io))),
    connectTo,
  };
  return { context, close: () => client.close() };
}

function requireToken(chosen: ChosenConnection): ChosenConnection {
  if (chosen.token !== undefined) return chosen;
  throw new CliError('notAllowed', `There is no token for ${chosen.server}`, {
    code: 'no_token',
    remedy: `Log in with posthorn login --server ${chosen.server}, or set POSTHORN_TOKEN`,
  });
}

async function confirm(io: Io, question: string, isYes: boolean): Promise<void> {
  if (isYes) return;
  if (!canAsk(io))
    throw new CliError('usage', `Without a terminal nobody can be asked: ${question}`, {
      code: 'not_confirmed',
      remedy: 'Add --yes',
    });
  const answer = await askLine(io, `${toPlainText(question)} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('failed', 'Not confirmed', { code: 'not_confirmed' });
}
