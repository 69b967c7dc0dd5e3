import type { Message } from '../rows/message-row.ts';
import type { Turn } from './turns.ts';

/** A group of messages, as far as it is in memory. */
export interface Group extends Turn<Group> {
  readonly id: string;
  /** The loaded messages that may be taken, in order. */
  readonly waiting: Message[];
  /** All rows up to this sequence number are loaded, or were taken. */
  loadedTo: number;
  /** The group may have rows after `loadedTo`. */
  more: boolean;
  /** The number of messages in flight, or on their way out. */
  busy: number;
  loading: Promise<void> | undefined;
  /** It has had a turn since it is in memory. */
  wasServed: boolean;
}

export const createGroup = (id: string): Group => ({
  id,
  waiting: [],
  loadedTo: 0,
  more: false,
  busy: 0,
  loading: undefined,
  wasServed: false,
  inTurn: false,
});

/** Inserts a message in order. It usually belongs in front. */
export function insertInOrder(waiting: Message[], message: Message): void {
  const index = waiting.findIndex(({ sequence }) => sequence > message.sequence);
  if (index === -1) waiting.push(message);
  else waiting.splice(index, 0, message);
}
