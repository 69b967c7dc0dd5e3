import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { pause } from '../time/pause.ts';
import type { Answer, Connection, Operation } from './connection.ts';
import { isPassing, mayHaveArrived } from './passing.ts';

/** A POST that must take effect once. */
export interface Post extends Pick<Operation, 'path' | 'query' | 'body'> {
  /** Requests with the same key are the same request, for 12 hours. */
  readonly key: string;
}

const waitsMs = [500, 2_000, 5_000];

/** A new key, for a request that nobody has sent yet. */
export const newKey = (): string => `cli-${crypto.randomUUID()}`;

/**
 * Sends a POST under an idempotency key. After a failure that can pass, it is sent again, up to three times: however often
 * it arrives, it takes effect once. A server that was never reached is not tried again.
 *
 * @throws CliError as `call` does; with the code `outcome_unknown` if the request may have taken effect
 */
export async function postOnce(connection: Connection, { key, ...post }: Post, io: Pick<Io, 'stop'>): Promise<Answer> {
  let lost: CliError | undefined;
  for (const waitMs of [...waitsMs, undefined]) {
    try {
      return await connection.call({ method: 'POST', ...post, headers: { 'idempotency-key': key } });
    } catch (error) {
      if (mayHaveArrived(error)) lost = error;
      const isWorthIt = lost !== undefined || (error as CliError).code === 'rate_limited';
      if (!isPassing(error) || !isWorthIt || waitMs === undefined) throw lost ? outcomeUnknown(error, key) : error;
      await pause(waitMs, io);
    }
  }
  throw new Error('the last try has an outcome');
}

function outcomeUnknown(error: unknown, key: string): unknown {
  // A refusal says that nothing took effect, or that it did before.
  if (!isPassing(error)) return error;
  return new CliError(error.kind, error.message, {
    code: 'outcome_unknown',
    requestId: error.requestId,
    remedy: `It may have taken effect. Repeat it with --idempotency-key ${key}: it takes effect once`,
    cause: error,
  });
}
