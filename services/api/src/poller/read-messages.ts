import type {
  LogEntry,
  LogPosition,
  Message,
  MessageLogRepository,
  PolledMessage,
  ReadPolledMessages,
} from '@posthorn/core';
import type { Log } from '@posthorn/platform';
import { answerBytes, maxAnswerBytes } from '../http/answer-bytes.ts';
import { toPolledMessageText } from './polled-message-out.ts';

export interface ReadMessagesDeps {
  readonly messageLog: Pick<MessageLogRepository, 'read'>;
  readonly readPolledMessages: ReadPolledMessages;
  readonly log: Log;
}

/** Which messages to read from a log. */
interface ReadMessagesRequest {
  readonly applicationId: string;
  readonly behind: LogPosition;
  readonly limit: number;
  readonly eventType?: string | undefined;
  readonly channel?: string | undefined;
  readonly now: Date;
}

/** Messages as JSON texts, and how far the log was read for them. */
export interface MessagesPage {
  readonly texts: readonly string[];
  readonly position: LogPosition;
  readonly done: boolean;
}

/** With a filter, a page ends after it has looked at this many messages. */
const maxFiltered = 500;
/** Each message can have a body of 1 MiB in memory. */
const firstStep = 4;
const longestStep = 25;

/**
 * Reads the messages behind a position of the log, in its order. A page can be short or empty although there are more. It
 * always gets on: a message that cannot be returned is passed over.
 */
export const createMessageReader =
  (deps: ReadMessagesDeps) =>
  async (request: ReadMessagesRequest): Promise<MessagesPage> => {
    const { applicationId, behind, limit, eventType, channel } = request;
    const isFiltered = eventType !== undefined || channel !== undefined;
    const slice = { behind, limit: isFiltered ? Math.max(limit, maxFiltered) : limit };
    const { entries, done } = await deps.messageLog.read(applicationId, slice);
    const texts: string[] = [];
    let [passed, bytes, step] = [0, 0, firstStep];
    while (passed < entries.length && texts.length < limit) {
      const some = entries.slice(passed, passed + Math.min(step, limit - texts.length));
      const found = await readEach(deps, request, some);
      for (const message of found) {
        const text = message && isWanted(message, request) ? toPolledMessageText(message) : undefined;
        const size = text === undefined ? 0 : answerBytes(text);
        if (bytes > 0 && bytes + size > maxAnswerBytes) return toPage(behind, entries.slice(0, passed), texts, false);
        if (text !== undefined) texts.push(text);
        bytes += size;
        passed += 1;
      }
      step = bytes * 2 > maxAnswerBytes ? firstStep : Math.min(step * 2, longestStep);
    }
    return toPage(behind, entries.slice(0, passed), texts, done && passed === entries.length);
  };

const toPage = (
  behind: LogPosition,
  passed: readonly LogEntry[],
  texts: readonly string[],
  done: boolean,
): MessagesPage => ({ texts, position: passed.at(-1)?.sequence ?? behind, done });

/** The message of each entry, in the same order. Absent: it has expired, was expunged, or cannot be read. */
async function readEach(
  { readPolledMessages, log }: ReadMessagesDeps,
  { applicationId, now }: ReadMessagesRequest,
  entries: readonly LogEntry[],
): Promise<readonly (Message | undefined)[]> {
  const messageIds = [...new Set(entries.map(({ messageId }) => messageId))];
  const found = new Map<string, Message>();
  for (const polled of await readPolledMessages(applicationId, messageIds, now)) keepReadable(polled, { found, log });
  return entries.map(({ messageId }) => found.get(messageId));
}

function keepReadable(
  polled: PolledMessage,
  { found, log }: { readonly found: Map<string, Message>; readonly log: Log },
): void {
  if (polled.kind === 'message') found.set(polled.message.messageId, polled.message);
  else log.error('message.passed_over', { messageId: polled.messageId, reason: polled.reason });
}

/** A message for a single endpoint, such as an example, is not for those who poll. */
const isWanted = (
  { eventType, channels, onlyTo }: Message,
  wanted: Pick<ReadMessagesRequest, 'eventType' | 'channel'>,
): boolean =>
  onlyTo === undefined &&
  (wanted.eventType === undefined || wanted.eventType === eventType) &&
  (wanted.channel === undefined || channels.includes(wanted.channel));
