import type { Change } from '@posthorn/local-storage';
import { keys } from '../rows/keys.ts';

/**
 * What a queue knows about all its rows. It is written with every commit that changes it, so that nothing has to be
 * counted when the queue is opened.
 */
export interface Counters {
  /** Messages that are not delayed: waiting ones and those in flight. */
  messages: number;
  delayed: number;
  /** The highest sequence number so far. */
  sequence: number;
  /** All messages up to this sequence number were purged. Their rows may still exist. */
  purgedTo: number;
}

export const readCounters = (row: string | undefined): Counters => {
  const [messages = 0, delayed = 0, sequence = 0, purgedTo = 0] = row?.split(' ').map(Number) ?? [];
  return { messages, delayed, sequence, purgedTo };
};

export const countersChange = (queueId: string, { messages, delayed, sequence, purgedTo }: Counters): Change => ({
  type: 'put',
  key: keys.counters(queueId),
  value: `${messages} ${delayed} ${sequence} ${purgedTo}`,
});
