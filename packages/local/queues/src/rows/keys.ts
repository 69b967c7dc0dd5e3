import type { Range } from '@posthorn/local-storage';

const sequenceLength = 16;
const millisecondsLength = 15;
const generationLength = 8;

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/**
 * The keys of all rows. They start with `q/` because the tables share the storage. A space ends a group's name: no name
 * contains it, and it sorts before all characters that names contain.
 */
export const keys = {
  /** The progress of an import. */
  import: 'q/i',
  queue: (name: string): string => `q/q/${name}`,
  counters: (queueId: string): string => `q/n/${queueId}`,
  message: (queueId: string, group: string, sequence: number): string =>
    `q/m/${queueId}/${group} ${padded(sequence, sequenceLength)}`,
  delayed: (queueId: string, due: number, group: string, sequence: number): string =>
    `q/d/${queueId}/${padded(due, millisecondsLength)} ${group} ${padded(sequence, sequenceLength)}`,
  /** The messages of one take that were not settled yet. */
  take: (queueId: string, take: number): string => `q/f/${queueId}/${padded(take, sequenceLength)}`,
  deduplication: (queueId: string, generation: number, deduplicationId: string): string =>
    `q/u/${queueId}/${padded(generation, generationLength)} ${deduplicationId}`,
};

/** The character after the space, and the one after the slash. */
const afterSpace = '!';
const afterSlash = '0';

const under = (prefix: string): Range => ({ gte: `${prefix}/`, lt: `${prefix}${afterSlash}` });

export const ranges = {
  queues: under('q/q'),
  messages: (queueId: string): Range => under(`q/m/${queueId}`),
  /** The messages of a group after a sequence number. */
  messagesAfter: (queueId: string, group: string, sequence: number): Range => ({
    gt: keys.message(queueId, group, sequence),
    lt: `q/m/${queueId}/${group}${afterSpace}`,
  }),
  /** All messages of a queue after those of a group. */
  groupsAfter: (queueId: string, group: string): Range => ({
    gte: `q/m/${queueId}/${group}${afterSpace}`,
    lt: `q/m/${queueId}${afterSlash}`,
  }),
  /** The messages of a group, and all later ones of the queue. */
  messagesFrom: (queueId: string, group: string): Range => ({
    gte: `q/m/${queueId}/${group} `,
    lt: `q/m/${queueId}${afterSlash}`,
  }),
  /** All messages of a queue after a key. */
  messagesAfterKey: (queueId: string, key: string): Range => ({ gt: key, lt: `q/m/${queueId}${afterSlash}` }),
  delayed: (queueId: string, after = ''): Range => ({
    gt: after || `q/d/${queueId}/`,
    lt: `q/d/${queueId}${afterSlash}`,
  }),
  takes: (queueId: string): Range => under(`q/f/${queueId}`),
  /** The deduplication ids before a generation. */
  deduplicationBefore: (queueId: string, generation: number): Range => ({
    gte: `q/u/${queueId}/`,
    lt: `q/u/${queueId}/${padded(generation, generationLength)}`,
  }),
};

export interface MessagePlace {
  readonly group: string;
  readonly sequence: number;
}

/** Returns the group and the sequence number in the key of a message. */
export function placeOf(key: string, queueId: string): MessagePlace {
  const space = key.length - sequenceLength - 1;
  return { group: key.slice('q/m//'.length + queueId.length, space), sequence: Number(key.slice(space + 1)) };
}

/** Returns the group, sequence number and due time in the key of a delayed message. */
export function delayedPlaceOf(key: string, queueId: string): MessagePlace & { readonly due: number } {
  const start = 'q/d//'.length + queueId.length;
  const space = key.length - sequenceLength - 1;
  return {
    due: Number(key.slice(start, start + millisecondsLength)),
    group: key.slice(start + millisecondsLength + 1, space),
    sequence: Number(key.slice(space + 1)),
  };
}
