import { claimRun, type Run, type RunOptions } from './run.ts';
import type { OnceStore } from './store.ts';

export type OnceResult<T> =
  /** The handler has run, and that is noted. */
  | { readonly kind: 'done'; readonly value: T }
  /** It was noted before: the handler has not run. */
  | { readonly kind: 'already_done' }
  /** Another run has the message: the handler has not run. Only the end of that run says whether it is done. */
  | { readonly kind: 'in_progress'; readonly retryAfterSeconds: number }
  /** The handler has run, but for longer than its lease: another run has the message, or has done it. */
  | { readonly kind: 'lease_lost' };

/**
 * Runs a handler once for an id: takes the id, runs, and notes that it is done. If the handler throws, the id is given
 * back, and the error is thrown on.
 *
 * If the process dies while it runs, or before the note, the lease ends and the next call runs the handler again. The
 * same happens if the note fails. So an effect can happen twice, unless the note is written together with it
 * (`completion` of the DynamoDB store).
 *
 * @param id - of the message. It stands behind `scope` in the store
 * @throws StoreError if the store fails
 * @throws RangeError if `leaseSeconds` is not from 1 to 43,200, or if `scope` is not 1 to 256 visible ASCII characters
 * @example
 * const result = await once(message.id, () => ship(message.json()), store);
 * if (result.kind === 'in_progress') console.log(`try again in ${result.retryAfterSeconds} s`);
 */
export async function once<T>(
  id: string,
  handler: (run: Run) => T | Promise<T>,
  store: OnceStore,
  options: RunOptions = {},
): Promise<OnceResult<T>> {
  const claimed = await claimRun(id, store, options);
  if (claimed.kind !== 'claimed') return claimed;
  const { run, complete, release } = claimed;
  let value: T;
  try {
    value = await handler(run);
  } catch (error) {
    await release();
    throw error;
  }
  const completed = await complete();
  return completed ? { kind: 'done', value } : { kind: 'lease_lost' };
}
