import { channelForm, eventTypeForm, maxLabels, tagForm } from '@posthorn/core';
import * as z from 'zod/mini';
import { component, described, writtenAs } from './documentation.ts';
import { maxNameLength } from './operation.ts';

/** A text that may have any characters. As in JSON Schema, 🦄 is one character, though a string of JavaScript has two. */
export function text({ least = 0, most }: { readonly least?: number; readonly most: number }) {
  const length = { ...(least > 0 && { minLength: least }), maxLength: most };
  const hasRoom = (value: string): boolean =>
    value.length <= most || (value.length <= 2 * most && [...value].length <= most);
  return writtenAs(
    { type: 'string', ...length },
    z
      .string()
      .check(
        z.minLength(least, { error: 'must not be empty' }),
        z.refine(hasRoom, { error: `must be at most ${most} characters` }),
      ),
  );
}

/** The characters of names that callers choose: uids, event types. */
const nameCharacters = '[a-zA-Z0-9\\-_.]+';

/** HTTP clients take these for steps in a path: `/endpoint/..` is what is above the endpoints. */
const steps = '\\.{1,2}$';

/** A name that the caller chooses for a thing. It must not look like an id of that kind of thing, nor be `.` or `..`. */
const uidOf = (prefix: string) =>
  z.string().check(
    z.maxLength(256),
    z.regex(new RegExp(`^(?!${prefix}|${steps})${nameCharacters}$`), {
      error: `must have letters, digits, - _ and . only, not begin with ${prefix}, and not be . or ..`,
    }),
  );

/** A part of a path that makes a thing of that name, such as a sink: it may have any characters. */
export const nameInPath = z.string().check(
  z.minLength(1),
  z.maxLength(maxNameLength),
  z.regex(new RegExp(`^(?!${steps})`), {
    error: 'must not be . or .., which HTTP clients take for steps in the path',
  }),
);

export const applicationUid = uidOf('app_');
export const endpointUid = uidOf('ep_');
export const eventId = uidOf('msg_');

/** The id or the eventId of a message. An old message can have the eventId `.` or `..`, which a new one cannot. */
export const messageName = z.string().check(z.maxLength(256), z.regex(new RegExp(`^${nameCharacters}$`)));

/** The name of a kind of event, such as `invoice.paid`. */
export const eventTypeName = z
  .string()
  .check(
    z.maxLength(eventTypeForm.maxLength),
    z.regex(eventTypeForm.pattern, { error: 'must have letters, digits, - _ and . only, and not be . or ..' }),
  );

/** The event types of an endpoint. More would not fit into an endpoint's row or a stored answer. */
const maxEventTypes = 500;
export const eventTypes = z.array(eventTypeName).check(z.maxLength(maxEventTypes));

export const channel = z.string().check(z.maxLength(channelForm.maxLength), z.regex(channelForm.pattern));
export const channels = z.array(channel).check(z.minLength(1), z.maxLength(maxLabels));

export const tag = z.string().check(z.minLength(1), z.maxLength(tagForm.maxLength), z.regex(tagForm.pattern));
export const tags = z.array(tag).check(z.maxLength(maxLabels));

/** A limit in messages per second. */
export const throttleRate = described(
  'Messages per second. A change counts after at most five seconds.',
  z.int().check(z.minimum(1), z.maximum(65_535)),
);

const maxMetadataBytes = 4096;

/** Values of the caller, by key. */
export const metadata = described(
  `At most ${maxMetadataBytes} bytes as JSON.`,
  z.record(z.string(), z.string()).check(
    z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxMetadataBytes, {
      error: `must be at most ${maxMetadataBytes} bytes as JSON`,
    }),
  ),
);

/** A time in an answer: RFC 3339, UTC. */
export const instant = z.iso.datetime();

/** The answer of an operation that has nothing to return. */
export const emptyOut = component('EmptyResponse', z.object({}));

/** A short name that the organisation chooses: a feature flag, or a group of event types. */
const flagName = z.string().check(z.minLength(1), z.maxLength(256), z.regex(new RegExp(`^${nameCharacters}$`)));

/** All together must fit into a header: a token carries them. */
const maxFlagBytes = 2048;

/** The feature flags of a token. */
export const heldFeatureFlags = (description: string) =>
  described(
    `${description} At most ${maxFlagBytes} bytes as JSON.`,
    z.array(flagName).check(
      z.refine((flags) => Buffer.byteLength(JSON.stringify(flags)) <= maxFlagBytes, {
        error: `must be at most ${maxFlagBytes} bytes as JSON`,
      }),
    ),
  );
