import type {
  ListedMessage,
  LogEntry,
  LogPosition,
  Message,
  MessageLogRepository,
  PolledMessage,
  ReadPolledMessages,
} from '@posthorn/core';
import type { Clock, Log } from '@posthorn/platform';
import { answerBytes, maxAnswerBytes } from '../http/answer-bytes.ts';
import { toPolledMessageText } from './polled-message-out.ts';

export interface ReadMessagesDeps {
  readonly messageLog: Pick<MessageLogRepository, 'read'>;
  readonly readPolledMessages: ReadPolledMessages;
  readonly log: Log;
  readonly clock: Clock;
}

/** Which messages to read from a log. */
export interface ReadMessagesRequest {
  readonly applicationId: string;
  readonly behind: LogPosition;
  readonly limit: number;
  readonly eventType?: string | undefined;
  readonly channel?: string | undefined;
  readonly now: Date;
  /** A page ends after this time: an answer must come before the function is stopped. */
  readonly maxReadMs: number;
}

/** Messages as JSON texts, and how far the log was read for them. */
export interface MessagesPage {
  readonly texts: readonly string[];
  readonly position: LogPosition;
  readonly done: boolean;
}

/** With a filter, a page ends after it has looked at this many messages. */
const maxFiltered = 500;
/** And when it has read so much: messages that are left out take read units and time too. */
const maxReadBytes = 8_000_000;
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
    const { applicationId, behind, limit, maxReadMs } = request;
    const slice = { behind, limit: isFiltered(request) ? Math.max(limit, maxFiltered) : limit };
    const startedAt = deps.clock().getTime();
    const { entries, done, damaged } = await deps.messageLog.read(applicationId, slice);
    if (damaged) deps.log.error('message_log.row_damaged', { applicationId, keys: damaged });
    const texts: string[] = [];
    let [passed, bytes, readBytes, step] = [0, 0, 0, firstStep];
    const isSpent = () => readBytes > maxReadBytes || deps.clock().getTime() - startedAt > maxReadMs;
    while (passed < entries.length && texts.length < limit && (passed === 0 || !isSpent())) {
      const read = await readEach(deps, request, entries.slice(passed, passed + step));
      readBytes += read.readBytes;
      for (const message of read.messages) {
        const text = message && toPolledMessageText(message);
        const size = text === undefined ? 0 : answerBytes(text);
        if (bytes > 0 && bytes + size > maxAnswerBytes) return toPage(behind, entries.slice(0, passed), texts, false);
        if (text !== undefined) texts.push(text);
        bytes += size;
        passed += 1;
        if (texts.length === limit) break;
      }
      // Whatever is longer than usual is read in short steps.
      step = Math.max(bytes, readBytes) * 2 > maxAnswerBytes ? firstStep : Math.min(step * 2, longestStep);
    }
    return toPage(behind, entries.slice(0, passed), texts, done && passed === entries.length);
  };

const isFiltered = ({ eventType, channel }: ReadMessagesRequest): boolean =>
  eventType !== undefined || channel !== undefined;

const toPage = (
  behind: LogPosition,
  passed: readonly LogEntry[],
  texts: readonly string[],
  done: boolean,
): MessagesPage => ({ texts, position: passed.at(-1)?.sequence ?? behind, done });

/**
 * The message of each entry, in the same order. Absent: it is not asked for, has expired, was expunged, or cannot be read.
 */
async function readEach(
  { readPolledMessages, log }: ReadMessagesDeps,
  request: ReadMessagesRequest,
  entries: readonly LogEntry[],
): Promise<{ readonly messages: readonly (Message | undefined)[]; readonly readBytes: number }> {
  const { applicationId, now } = request;
  const messageIds = [...new Set(entries.map(({ messageId }) => messageId))];
  const wants = (message: ListedMessage) => isWanted(message, request);
  const read = await readPolledMessages({ applicationId, messageIds, wants, now });
  const found = new Map<string, Message>();
  for (const polled of read.found) keepReadable(polled, { found, log });
  return { messages: entries.map(({ messageId }) => found.get(messageId)), readBytes: read.readBytes };
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
  { eventType, channels, onlyTo }: ListedMessage,
  wanted: Pick<ReadMessagesRequest, 'eventType' | 'channel'>,
): boolean =>
  onlyTo === undefined &&
  (wanted.eventType === undefined || wanted.eventType === eventType) &&
  (wanted.channel === undefined || channels.includes(wanted.channel));
