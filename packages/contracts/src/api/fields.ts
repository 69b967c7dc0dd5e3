import * as z from 'zod/mini';

/** The characters of names that callers choose: uids, event types. */
const nameCharacters = '[a-zA-Z0-9\\-_.]+';

/** A caller's own name for a thing: never one that could be mistaken for an id of ours. */
const uidOf = (prefix: string) =>
  z.string().check(z.maxLength(256), z.regex(new RegExp(`^(?!${prefix})${nameCharacters}$`)));

export const applicationUid = uidOf('app_');
export const endpointUid = uidOf('ep_');
export const eventId = uidOf('msg_');

/** The name of a kind of event, such as `invoice.paid`. */
export const eventTypeName = z.string().check(z.maxLength(256), z.regex(new RegExp(`^${nameCharacters}$`)));

/** The event types that an endpoint asks for: an endpoint's row, and an answer that is kept, have room for so many. */
const maxEventTypes = 500;
export const eventTypes = z.array(eventTypeName).check(z.maxLength(maxEventTypes));

export const channel = z.string().check(z.maxLength(128), z.regex(/^[a-zA-Z0-9\-_.:+]+$/));
export const channels = z.array(channel).check(z.minLength(1), z.maxLength(10));

export const tags = z
  .array(z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[\x20-\x7e]+$/)))
  .check(z.minLength(1), z.maxLength(10));

/** Messages per second. */
export const throttleRate = z.int().check(z.minimum(1), z.maximum(65_535));

const maxMetadataBytes = 4096;

/** The caller's own remarks, by key. */
export const metadata = z.record(z.string(), z.string()).check(
  z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxMetadataBytes, {
    error: `must be at most ${maxMetadataBytes} bytes as JSON`,
  }),
);

/** An HTTP header's name to its value. */
export const headers = z.record(z.string(), z.string());

/** An instant in an answer: RFC 3339, UTC. */
export const instant = z.iso.datetime();
