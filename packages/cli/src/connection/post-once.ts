import { randomUUID } from 'node:crypto';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { pause } from '../time/pause.ts';
import type { Answer, Connection, Operation } from './connection.ts';

/** A POST that must take effect once. */
export interface Post extends Pick<Operation, 'path' | 'query' | 'body'> {
  /** Requests with the same key are the same request, for 12 hours. */
  readonly key: string;
}

const waitsMs = [500, 2_000, 5_000];
/** The request may have taken effect although there was no answer. */
const unknownEffect = ['connection_lost', 'timed_out', 'internal_error', 'unavailable'];

/** A new key, for a request that nobody has sent yet. */
export const newKey = (): string => `cli-${randomUUID()}`;

/**
 * Sends a POST under an idempotency key. After a failure that can pass, it is sent again, up to three times: however often
 * it arrives, it takes effect once.
 *
 * @throws CliError as `call` does; with the code `outcome_unknown` if the request may have taken effect
 */
export async function postOnce(connection: Connection, { key, ...post }: Post, io: Pick<Io, 'stop'>): Promise<Answer> {
  const send = () => connection.call({ method: 'POST', ...post, headers: { 'idempotency-key': key } });
  for (const waitMs of waitsMs) {
    try {
      return await send();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pause(waitMs, io);
    }
  }
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof CliError) || !unknownEffect.includes(error.code)) throw error;
    throw new CliError(error.kind, error.message, {
      code: 'outcome_unknown',
      requestId: error.requestId,
      remedy: `It may have taken effect. Repeat it with --idempotency-key ${key}: it takes effect once`,
      cause: error,
    });
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof CliError && (error.kind === 'unreachable' || error.code === 'internal_error') && !isHopeless(error);

/** Another try a few seconds later would find the same. */
const isHopeless = ({ code }: CliError): boolean => code.startsWith('certificate_') || code.startsWith('no_');
