import type { Range } from '@posthorn/local-storage';
import { delayedPlaceOf, type MessagePlace, placeOf, ranges } from '../rows/keys.ts';
import { toMessage } from '../rows/message-row.ts';
import type { QueueState } from './state.ts';

/** A message of a queue, as it is stored. */
export interface ListedMessage {
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly isDelayed: boolean;
}

export interface ListOptions {
  /** Leaves out those that wait or are in flight. */
  readonly onlyDelayed?: boolean;
}

/**
 * Reads the messages of a queue in portions, without taking them: those that wait, are in flight or are delayed. It does
 * not read more than `limit` of each kind.
 */
export async function* listMessages(
  queue: QueueState,
  limit: number,
  { onlyDelayed = false }: ListOptions = {},
): AsyncGenerator<readonly ListedMessage[]> {
  const { id, storage } = queue;
  const read = (range: Range) => storage.rows({ ...range, limit });
  if (!onlyDelayed)
    for await (const rows of read(ranges.messages(id))) yield toListed(queue, rows, { placeOf, isDelayed: false });
  for await (const rows of read(ranges.delayed(id)))
    yield toListed(queue, rows, { placeOf: delayedPlaceOf, isDelayed: true });
}

interface Kind {
  readonly placeOf: (key: string, queueId: string) => MessagePlace;
  readonly isDelayed: boolean;
}

const toListed = (
  { id, counters }: QueueState,
  rows: readonly (readonly [key: string, value: string])[],
  kind: Kind,
): readonly ListedMessage[] =>
  rows.flatMap(([key, value]) => {
    const place = kind.placeOf(key, id);
    if (place.sequence <= counters.purgedTo) return [];
    const { body, sentAt } = toMessage(value, place);
    return [{ body, sentAt, isDelayed: kind.isDelayed }];
  });
