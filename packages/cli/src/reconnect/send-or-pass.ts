import type { Answer, Connection, Operation } from '../connection/connection.ts';
import { toRefusal } from '../connection/refusal.ts';
import { CliError } from '../exit/cli-error.ts';

/** A failure that may be over soon. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
  readonly reason: CliError;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number;

  constructor(reason: CliError, retryAfterSeconds = 0) {
    super(reason.message, { cause: reason });
    this.reason = reason;
    this.retryAfterMs = retryAfterSeconds * 1_000;
  }
}

/**
 * Sends one request, once. Returns the answer of a success.
 *
 * @throws PassingFailure for what may be over soon; CliError for what no repetition can change
 */
export async function sendOrPass(connection: Pick<Connection, 'send'>, operation: Operation): Promise<Answer> {
  const answer = await sendOnce(connection, operation);
  if (answer.status === 200) return answer;
  throw toRefusal(answer, `${operation.method} ${operation.path}`);
}

/**
 * The same connection for reads that somebody waits for patiently: what may be over soon is a `PassingFailure` there.
 *
 * @param signal - ends its requests, such as when the machine has slept. That is a `PassingFailure` too.
 */
export const toPassing = (connection: Connection, signal: AbortSignal): Connection => ({
  ...connection,
  send: (operation) => sendOnce(connection, { ...operation, signal }),
  call: (operation) => sendOrPass(connection, { ...operation, signal }),
});

/** @throws PassingFailure for what may be over soon */
async function sendOnce(connection: Pick<Connection, 'send'>, operation: Operation): Promise<Answer> {
  const { signal, method, path } = operation;
  const answer = await connection.send({ ...operation, retry: false }).catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    throw error.kind === 'unreachable' || signal?.aborted ? new PassingFailure(error) : error;
  });
  const { status, headers } = answer;
  if (!isPassing(status)) return answer;
  throw new PassingFailure(toRefusal(answer, `${method} ${path}`), secondsOf(headers['retry-after']));
}

/** Fails at once where others are patient, such as at the start of a command. */
export const withoutPatience = async <Result>(result: Promise<Result>): Promise<Result> =>
  result.catch((error: unknown) => {
    throw error instanceof PassingFailure ? error.reason : error;
  });

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** The header can be a date too. Then the usual wait does. */
const secondsOf = (retryAfter = ''): number => (/^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) : 0);
