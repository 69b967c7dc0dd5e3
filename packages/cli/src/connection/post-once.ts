import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { pause } from '../time/pause.ts';
import type { Answer, Connection, Operation } from './connection.ts';
import { requireOfPosthorn } from './not-posthorn.ts';
import { isPassing, mayHaveArrived } from './passing.ts';
import { toRefusal } from './refusal.ts';
import { retryWaitMs } from './retry-wait.ts';

/** A POST that must take effect once. */
export interface Post extends Pick<Operation, 'path' | 'query' | 'body'> {
  /** Requests with the same key are the same request, for 12 hours. */
  readonly key: string;
}

const waitsMs = [500, 2_000, 5_000];

/** A new key, for a request that nobody has sent yet. */
export const newKey = (): string => `cli-${crypto.randomUUID()}`;

/**
 * Sends a POST under an idempotency key. After a failure that can pass, it is sent again, up to three times, not earlier than
 * the server asks: however often it arrives, it takes effect once. A server that was never reached is not tried again.
 *
 * @throws CliError as `call` does; with the code `outcome_unknown` if the request may have taken effect
 */
export async function postOnce(connection: Connection, { key, ...post }: Post, io: Pick<Io, 'stop'>): Promise<Answer> {
  let lost: CliError | undefined;
  for (const waitMs of [...waitsMs, undefined]) {
    const { answer, error } = await tryOnce(connection, post, key);
    if (error === undefined) return answer;
    if (mayHaveArrived(error)) lost = error;
    // A proxy refuses by its own rate limit without a code of Posthorn.
    const isLimited = answer?.status === 429;
    const isWorthIt = isLimited || (lost !== undefined && isPassing(error));
    if (!isWorthIt || waitMs === undefined) throw lost ? outcomeUnknown(error, isLimited, key) : error;
    await pause(retryWaitMs(waitMs, answer?.headers['retry-after'], new Date()), io);
  }
  throw new Error('the last try has an outcome');
}

type Try =
  | { readonly answer: Answer; readonly error?: undefined }
  | { readonly answer?: Answer; readonly error: CliError };

async function tryOnce(connection: Connection, post: Omit<Post, 'key'>, key: string): Promise<Try> {
  try {
    const answer = await connection.send({ method: 'POST', ...post, headers: { 'idempotency-key': key } });
    if (answer.status >= 200 && answer.status < 300) return { answer: requireOfPosthorn(answer, connection.server) };
    return { answer, error: toRefusal(answer, `POST ${post.path}`) };
  } catch (error) {
    if (error instanceof CliError) return { error };
    throw error;
  }
}

function outcomeUnknown(error: CliError, isLimited: boolean, key: string): CliError {
  // A refusal says that nothing took effect, or that it did before.
  if (!isLimited && !isPassing(error)) return error;
  return new CliError(error.kind, error.message, {
    code: 'outcome_unknown',
    requestId: error.requestId,
    remedy: `It may have taken effect. Repeat it with --idempotency-key ${key}: it takes effect once`,
    cause: error,
  });
}
