import type { Attempt } from './attempt.ts';

/**
 * The status of an attempt, with the two kinds of success told apart. `delivered`: the endpoint accepted the message.
 * `canceled`: the code of the endpoint's owner canceled it, and nothing was sent.
 */
export type AttemptStatusFilter = Attempt['status'] | 'delivered' | 'canceled';

/** Whether the code of the endpoint's owner canceled the message: a success without a status code. */
export const wasCanceledByCode = ({ status, responseStatusCode }: Pick<Attempt, 'status' | 'responseStatusCode'>) =>
  status === 'succeeded' && responseStatusCode === 0;

/** Whether an attempt has a status. */
export function hasStatus(
  attempt: Pick<Attempt, 'status' | 'responseStatusCode'>,
  wanted: AttemptStatusFilter,
): boolean {
  switch (wanted) {
    case 'succeeded':
    case 'failed':
      return attempt.status === wanted;
    case 'delivered':
      return attempt.status === 'succeeded' && !wasCanceledByCode(attempt);
    case 'canceled':
      return wasCanceledByCode(attempt);
  }
}
