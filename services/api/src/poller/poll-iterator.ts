import { type Poller, type PollPlace, parsePollIterator } from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';

/**
 * The place of the iterator in a query.
 *
 * @throws ValidationError if it is none of this sink or consumer
 */
export function readPollIterator(poller: Poller, iterator: string | undefined): PollPlace | undefined {
  if (iterator === undefined) return undefined;
  const place = parsePollIterator(poller, iterator);
  if (place) return place;
  const owner = poller.consumer === undefined ? 'sink' : 'consumer';
  throw invalidField(['query', 'iterator'], `is not a valid iterator: use one from a response of this ${owner}`);
}
