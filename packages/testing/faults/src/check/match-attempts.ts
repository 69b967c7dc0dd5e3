import type { Received, Recorded } from '../history/event.ts';
import type { ObservedDelivery } from './delivery.ts';

export interface Matched {
  /** Requests that no record tells of. */
  readonly unrecorded: readonly Received[];
  /** Records of an answer, for which there is no request. */
  readonly unsent: readonly Recorded[];
}

/**
 * Matches the requests of a delivery with the records of its attempts. A request carries the time of its attempt in
 * `webhook-timestamp`, by the same clock as the record.
 */
export function matchAttempts({ requests, attempts }: Pick<ObservedDelivery, 'requests' | 'attempts'>): Matched {
  const left = [...requests];
  const unsent: Recorded[] = [];
  for (const attempt of attempts) {
    const own = left.filter(({ timestamp }) => timestamp === attempt.timestamp);
    const request = own.find(({ answer }) => answer === answerOf(attempt)) ?? own[0];
    if (request) left.splice(left.indexOf(request), 1);
    // Without an answer, there may have been no connection.
    else if (attempt.statusCode > 0) unsent.push(attempt);
  }
  return { unrecorded: left, unsent };
}

function answerOf({ status, statusCode }: Recorded): Received['answer'] {
  if (status === 'succeeded') return 'accepted';
  return statusCode > 0 ? 'refused' : 'lost';
}
