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

/**
 * Older messages of the list that were handed over, and that the log can have behind the session's place there. They are
 * known until the log is ten minutes past the end of the list.
 */
export interface Overlap {
  readonly until: Date;
  /** The oldest comes first. */
  readonly ids: readonly string[];
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
  readonly overlap?: Overlap | undefined;
  /** The messages behind `iterator`, or behind that of the backlog, that were handed over. The next answer has them again. */
  readonly handedOver: readonly string[];
  /** The message that was handed over last. */
  readonly lastId?: string | undefined;
  /** The session's signing secret, so that it stays the same. Absent if the session has another one. */
  readonly secret?: string | undefined;
}

/** A message is taken to be in the log so long after it was accepted. */
const latestMs = 10 * 60_000;
/** The session's place in the log is at most so long before the end of the list, by any clock of the server. */
const placeMs = 2 * 60_000;
/** The file is written after each message, so it must stay short. */
const maxOverlapIds = 10_000;

interface Accepted {
  readonly id: string;
  readonly acceptedAt: Date;
}

/** The position after a message was handed over: the target has answered, or the failure was shown. */
export const afterMessage = (position: Position, message: Accepted): Position => ({
  ...position,
  handedOver: [...position.handedOver, message.id],
  lastId: message.id,
  ...overlapWith(position, message),
});

function overlapWith({ backlog, overlap }: Position, { id, acceptedAt }: Accepted): Pick<Position, 'overlap'> {
  if (backlog === undefined || acceptedAt.getTime() < backlog.until.getTime() - placeMs - latestMs) return {};
  return { overlap: { until: backlog.until, ids: [...(overlap?.ids ?? []), id].slice(-maxOverlapIds) } };
}

interface HandedOverAnswer {
  readonly messages: readonly Accepted[];
  readonly iterator: string;
  /** Absent: there are no more older ones. */
  readonly backlog?: Backlog | undefined;
}

/** The position after all messages of an answer were handed over. */
export function afterAnswer(
  { backlog: wasIn, overlap, ...position }: Position,
  { messages, iterator, backlog }: HandedOverAnswer,
): Position {
  const end = overlap ? overlap.until.getTime() + latestMs : Number.POSITIVE_INFINITY;
  const isPassed = wasIn === undefined && messages.some(({ acceptedAt }) => acceptedAt.getTime() > end);
  return {
    ...position,
    iterator,
    handedOver: [],
    ...(backlog && { backlog }),
    ...(overlap && !isPassed && { overlap }),
  };
}
