import { InvalidOutboxEvent, type OutboxEvent } from './event.ts';

/** An event that follows the rules. */
export interface CheckedEvent {
  /** The JSON text. */
  readonly payload: string;
  /** Absent if empty. */
  readonly channels: readonly string[] | undefined;
  readonly tags: readonly string[] | undefined;
}

/** DynamoDB's items have at most 400 KB. The rest is for the other attributes. */
const maxPayloadBytes = 384 * 1_024;
/** The limit of a partition key in DynamoDB. */
const maxKeyBytes = 2_048;
const maxInList = 10;

/** `.` and `..` cannot be a part of a path. */
const name = /^(?!\.{1,2}$)[a-zA-Z0-9\-_.]{1,256}$/;
const channel = /^[a-zA-Z0-9\-_.:+]{1,128}$/;
const tag = /^[\x20-\x7e]{1,128}$/;

type Matches = (value: unknown) => boolean;
const isText =
  (form: RegExp): Matches =>
  (value) =>
    typeof value === 'string' && form.test(value);
const ifGiven =
  (matches: Matches): Matches =>
  (value) =>
    value === undefined || matches(value);
const isListOf =
  (form: RegExp): Matches =>
  (value) =>
    Array.isArray(value) && new Set(value).size <= maxInList && value.every(isText(form));

const letters = 'letters, digits, "-", "_" and "."';

/** What each field must be. The rules are those of the HTTP API. */
const rules: readonly (readonly [field: keyof OutboxEvent, matches: Matches, must: string])[] = [
  [
    'application',
    isText(name),
    `must be the id or uid of an application: 1 to 256 ${letters}, and not only "." or ".."`,
  ],
  ['eventType', isText(name), `must be 1 to 256 ${letters}, and not only "." or ".."`],
  ['orderingKey', isKey, `must be a text of 1 to ${maxKeyBytes} bytes`],
  [
    'eventId',
    ifGiven(isText(/^(?!msg_|\.{1,2}$)[a-zA-Z0-9\-_.]{1,256}$/)),
    `must be 1 to 256 ${letters}, not only "." or "..", and not begin with msg_`,
  ],
  ['channels', ifGiven(isListOf(channel)), `must be at most ${maxInList} texts of 1 to 128 ${letters}, ":" and "+"`],
  ['tags', ifGiven(isListOf(tag)), `must be at most ${maxInList} texts of 1 to 128 printable ASCII characters`],
  ['organisation', ifGiven(isText(/^org_[a-zA-Z0-9\-_.]+$/)), 'must be an id that begins with org_'],
  ['stage', ifGiven(isText(/^[a-zA-Z0-9-]+$/)), 'must be letters, digits and "-"'],
];

/** @throws InvalidOutboxEvent with all problems */
export function checkEvent(event: OutboxEvent): CheckedEvent {
  const problems = rules.flatMap(([field, matches, must]) => (matches(event[field]) ? [] : [`${field} ${must}`]));
  const payload = toText(event.payload);
  if ('problem' in payload) problems.push(`payload ${payload.problem}`);
  if (problems.length > 0 || 'problem' in payload) throw new InvalidOutboxEvent(problems);
  return { payload: payload.text, channels: toList(event.channels), tags: toList(event.tags) };
}

function isKey(value: unknown): boolean {
  if (typeof value !== 'string' || !value.isWellFormed()) return false;
  const bytes = Buffer.byteLength(value);
  return bytes >= 1 && bytes <= maxKeyBytes;
}

type Text = { readonly text: string } | { readonly problem: string };

function toText(payload: unknown): Text {
  const text = typeof payload === 'string' ? payload : stringify(payload);
  if (text === undefined || !isObject(parse(text)))
    return { problem: 'must be an object that JSON can express, or the JSON text of one' };
  // A text with half of a pair would be changed on its way.
  if (!text.isWellFormed()) return { problem: 'must not contain half of a surrogate pair' };
  const bytes = Buffer.byteLength(text);
  return bytes <= maxPayloadBytes
    ? { text }
    : { problem: `must be at most ${maxPayloadBytes} bytes as JSON, and has ${bytes}` };
}

/** Returns nothing for what JSON cannot express, such as a BigInt or a circle. */
function stringify(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const toList = (texts: readonly string[] | undefined): readonly string[] | undefined =>
  texts === undefined || texts.length === 0 ? undefined : [...new Set(texts)];
