import { scanElements, scanJson, scanMembers, scanValue } from '@posthorn/core/message/json-scan';
import type { Backlog } from '../position/position.ts';

/** A message as it was polled, with the exact text of its payload. */
export interface PolledMessage {
  readonly id: string;
  readonly eventType: string;
  readonly channels: readonly string[];
  /** When the message was accepted, by the server's clock. */
  readonly acceptedAt: Date;
  /** When endpoints get it, if that was planned for later. */
  readonly deliverAt?: Date;
  /** What an endpoint gets as `content-type`. */
  readonly contentType: string;
  /** What an endpoint gets as its body: in UTF-8, these are the bytes that were sent. */
  readonly body: string;
  /** Its body may not be what was sent: the list shows payloads that are expired, or no JSON object, as another one. */
  readonly isNotShown?: true;
}

/** One answer of a poll. */
export interface PollAnswer {
  readonly messages: readonly PolledMessage[];
  /** Goes on behind the last message. */
  readonly iterator: string;
  /** There is nothing more at the moment. */
  readonly done: boolean;
}

/** The answer of a poll, and when to poll again. Or a page of the list of older messages. */
export interface PollPage extends PollAnswer {
  readonly pollAfterMs: number;
  /** There are more older messages, and they go on here. */
  readonly backlog?: Backlog | undefined;
}

/** A page of the list of messages. */
export interface ListAnswer {
  /** The oldest comes first. */
  readonly messages: readonly PolledMessage[];
  /** Goes on with newer messages. Undefined: there are none. */
  readonly iterator: string | undefined;
}

/** An answer that is not that of a poll. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** Members of an object as the texts of their values. */
type Texts = ReadonlyMap<string, string>;

/**
 * Reads the answer of a poll. Payloads are cut out of its text and not parsed: parsing and writing them again would change
 * white space, the form of numbers, and numbers beyond 2^53.
 *
 * @param text - the answer, decoded from UTF-8
 * @throws UnreadableAnswer if it is not what a poll returns
 */
export const readPollAnswer = (text: string): PollAnswer =>
  readAnswer(text, (answer) => {
    const { iterator, done } = { iterator: parse(answer, 'iterator'), done: parse(answer, 'done') };
    if (typeof iterator !== 'string' || typeof done !== 'boolean')
      throw new UnreadableAnswer('no iterator, or no done');
    return { messages: readElements(answer.get('data') ?? '').map(readMessage), iterator, done };
  });

/**
 * Reads a page of the list of messages that was asked for with `after`: it is the oldest page, and begins with its newest
 * message. Payloads are cut out, as those of a poll are.
 *
 * @throws UnreadableAnswer if it is no such page
 */
export const readListAnswer = (text: string): ListAnswer =>
  readAnswer(text, (answer) => {
    const { iterator, done } = { iterator: parse(answer, 'prevIterator'), done: parse(answer, 'done') };
    if (typeof done !== 'boolean') throw new UnreadableAnswer('no done');
    return {
      messages: readElements(answer.get('data') ?? '')
        .map(readMessage)
        .reverse(),
      iterator: !done && typeof iterator === 'string' ? iterator : undefined,
    };
  });

function readAnswer<Answer>(text: string, read: (answer: Texts) => Answer): Answer {
  try {
    return read(readMembers(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnreadableAnswer('not the JSON of messages', { cause: error });
    throw error;
  }
}

function readMessage(text: string): PolledMessage {
  const message = readMembers(text);
  const read = (name: string): unknown => parse(message, name);
  const [id, eventType, timestamp, deliverAt] = [read('id'), read('eventType'), read('timestamp'), read('deliverAt')];
  const payload = payloadOf(text);
  const headers = read('headers');
  if (typeof id !== 'string' || typeof eventType !== 'string' || typeof timestamp !== 'string' || !payload)
    throw new UnreadableAnswer('a message lacks a member');
  const channels = read('channels');
  return {
    id,
    eventType,
    channels: Array.isArray(channels) ? channels.map(String) : [],
    acceptedAt: new Date(timestamp),
    ...(typeof deliverAt === 'string' && { deliverAt: new Date(deliverAt) }),
    contentType: headerOf(headers, 'content-type') ?? jsonContentType,
    body: bodyOf(payload, headers),
  };
}

const jsonContentType = 'application/json';

/**
 * The text of the payload, the last member of a message. What is around a JSON object in a raw payload, such as a line feed
 * at its end, belongs to the body.
 */
function payloadOf(text: string): string | undefined {
  let payload: string | undefined;
  scanMembers(text, 0, (nameStart, nameEnd, valueStart) => {
    const end = scanValue(text, valueStart);
    const isPayload = JSON.parse(text.slice(nameStart, nameEnd)) === 'payload';
    if (isPayload) payload = text.slice(text.indexOf(':', nameEnd) + 1, text.lastIndexOf('}'));
    return end;
  });
  return payload;
}

/** A raw payload is a JSON string, or the string is in base64. Any other is an object, whose text is the body. */
function bodyOf(payload: string, headers: unknown): string {
  if (!payload.trimStart().startsWith('"')) return payload;
  const text = String(JSON.parse(payload));
  const isBase64 = headerOf(headers, 'content-transfer-encoding') === 'base64';
  return isBase64 ? Buffer.from(text, 'base64').toString() : text;
}

/** Only raw payloads of another type, or in base64, have headers. */
function headerOf(headers: unknown, wanted: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted);
  return own === undefined ? undefined : String(own[1]);
}

function parse(members: Texts, name: string): unknown {
  const text = members.get(name);
  return text === undefined ? undefined : JSON.parse(text);
}

function readMembers(text: string): Texts {
  if (text.trimStart()[0] !== '{') throw new UnreadableAnswer('not a JSON object');
  const members = new Map<string, string>();
  scanJson(text, (start) =>
    scanMembers(text, start, (nameStart, nameEnd, valueStart) => {
      const end = scanValue(text, valueStart);
      members.set(String(JSON.parse(text.slice(nameStart, nameEnd))), text.slice(valueStart, end));
      return end;
    }),
  );
  return members;
}

function readElements(text: string): readonly string[] {
  if (text[0] !== '[') throw new UnreadableAnswer('data is not a list');
  const elements: string[] = [];
  scanElements(text, 0, (start) => {
    const end = scanValue(text, start);
    elements.push(text.slice(start, end));
    return end;
  });
  return elements;
}
