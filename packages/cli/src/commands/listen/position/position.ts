/**
 * The place of a session in the list of older messages. The log of an application begins with its first poll, and has
 * nothing from before.
 */
export interface Backlog {
  /** What is newer is in the log, behind the session's place there. */
  readonly until: Date;
  /** Of the last page of the list. Absent: none has been handed over yet. */
  readonly iterator?: string | undefined;
}

/** Where a session of `listen` is in the messages of its application. It survives restarts. */
export interface Position {
  /** The name of the session's sink: iterators are valid for one sink only. */
  readonly sink: string;
  /** The session begins with messages that were accepted at this time or later. Absent: with those after its start. */
  readonly since?: Date | undefined;
  /** Of the last answer whose messages are all handed over. Absent: the first answer has not been handed over yet. */
  readonly iterator?: string | undefined;
  /** Present while older messages are handed over. Those behind `iterator` come after them. */
  readonly backlog?: Backlog | undefined;
  /** The messages behind `iterator`, or behind that of the backlog, that were handed over. The next answer has them again. */
  readonly handedOver: readonly string[];
  /** The message that was handed over last. */
  readonly lastId?: string | undefined;
  /** The session's signing secret, so that it stays the same. Absent if the session has another one. */
  readonly secret?: string | undefined;
}

/** The position after a message was handed over: the target has answered, or the failure was shown. */
export const afterMessage = (position: Position, id: string): Position => ({
  ...position,
  handedOver: [...position.handedOver, id],
  lastId: id,
});

/** The position after all messages of an answer were handed over. @param backlog - absent: there are no more older ones */
export const afterAnswer = ({ backlog: _, ...position }: Position, iterator: string, backlog?: Backlog): Position => ({
  ...position,
  iterator,
  handedOver: [],
  ...(backlog && { backlog }),
});
