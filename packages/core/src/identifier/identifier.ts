import { hash } from 'node:crypto';
import { decodeBase62, digitAt, encodeBase62 } from './base62.ts';

/** Seconds between 1970 and the KSUID epoch (2014-05-13T16:53:20Z). */
const ksuidEpochSeconds = 1_400_000_000;
/** Ids can carry times until a little later than this. */
const lastIdTime = Date.parse('2150-01-01T00:00:00Z');
const encodedLength = 27;
/** 27 digits of base62. Higher ones would not fit into 20 bytes, or would be times after 2150. */
const encodedForm = '(?:[0-9A-Z][0-9A-Za-z]|a[0-9A-V])[0-9A-Za-z]{25}';
const rawLength = 20;
const timeLength = 5;

/** The prefix of each kind of id. A FIFO destination is an endpoint in FIFO mode, so it has the endpoint's prefix. */
export const idPrefixes = {
  organisation: 'org_',
  application: 'app_',
  endpoint: 'ep_',
  message: 'msg_',
  attempt: 'atmpt_',
  task: 'qtask_',
  integration: 'integ_',
  token: 'tok_',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Ids made within this time, on the clock, sort in any order. */
export const idResolutionMs = 4;

/** How many random bytes an id carries behind its five bytes of time. */
export const idEntropyBytes = rawLength - timeLength;

/**
 * An id that sorts by its time: prefix + 27 characters of base62 (a KSUID with a resolution of 4 ms, as Svix has it).
 *
 * @param time - what the id sorts by; kept to 4 ms
 * @param entropy - 15 bytes: random for a new thing, derived for one that a replay must find again
 */
export function createId(kind: IdKind, time: Date, entropy: Uint8Array): string {
  if (entropy.length !== idEntropyBytes) throw new RangeError(`an id needs ${idEntropyBytes} bytes of entropy`);
  const raw = Buffer.alloc(rawLength);
  const millis = time.getTime();
  raw.writeUInt32BE(Math.floor(millis / 1000) - ksuidEpochSeconds, 0);
  raw.writeUInt8(Math.floor((millis % 1000) / idResolutionMs), 4);
  raw.set(entropy, timeLength);
  return idPrefixes[kind] + encodeBase62(raw, encodedLength);
}

/** What ids of a kind look like, as the text of a regular expression. */
export const idForm = (kind: IdKind): string => idPrefixes[kind] + encodedForm;

/** Whether the text is a well-formed id of this kind: the prefix and a KSUID. */
export function isId(kind: IdKind, text: string): boolean {
  const prefix = idPrefixes[kind];
  return text.startsWith(prefix) && encodedPattern.test(text.slice(prefix.length));
}

const encodedPattern = new RegExp(`^${encodedForm}$`);

/** The time that an id carries, to 4 ms. */
export function timeOfId(id: string): Date {
  const raw = decodeBase62(encodedPart(id), rawLength);
  return new Date((raw.readUInt32BE(0) + ksuidEpochSeconds) * 1000 + raw.readUInt8(4) * idResolutionMs);
}

/**
 * The lowest id that a thing of this time could have: ids of that time and later sort at or behind it. A time that no id
 * can carry is replaced by the nearest one that can.
 */
export const lowestIdAt = (kind: IdKind, time: Date): string =>
  createId(kind, nearestIdTime(time), new Uint8Array(idEntropyBytes));

/** The time itself, or the nearest one that an id can carry. */
export const nearestIdTime = (time: Date): Date =>
  new Date(Math.min(Math.max(time.getTime(), ksuidEpochSeconds * 1000), lastIdTime));

/** The 15 bytes of entropy that an id carries. */
export const entropyOfId = (id: string): Buffer => decodeBase62(encodedPart(id), rawLength).subarray(timeLength);

/**
 * Where a message's row is stored: `ordered`, under one partition key of its application, whose stream keeps the order of
 * acceptance (applications with an endpoint in FIFO mode), or `sharded` over many, for throughput.
 */
export type MessagePlacement = 'ordered' | 'sharded';

/** A new message's id. The last bit of its entropy says where its row is stored. */
export function createMessageId(time: Date, entropy: Uint8Array, placement: MessagePlacement): string {
  const marked = Uint8Array.from(entropy);
  const last = idEntropyBytes - 1;
  marked[last] = ((marked[last] ?? 0) & 0xfe) | (placement === 'ordered' ? 1 : 0);
  return createId('message', time, marked);
}

/** Where the row of the message with this id is stored. */
export const placementOfMessageId = (messageId: string): MessagePlacement =>
  // 62 is even, so the last digit alone says whether the number is odd.
  digitAt(messageId, messageId.length - 1) % 2 === 1 ? 'ordered' : 'sharded';

/** A number from 0 to `count - 1`, the same for the same text: how rows of one owner are spread over partitions. */
export const shardOf = (text: string, count: number): number =>
  Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16) % count;

const encodedPart = (id: string): string => id.slice(id.lastIndexOf('_') + 1);
