import * as z from 'zod/mini';
import { applicationIn } from './application.ts';
import { component, described, documentation, matchingAny, notTogether, withLimits } from './documentation.ts';
import { channels, eventId, eventTypeName, instant, messageName, tags } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, requestInstant, timeLimitedListQuery, truth } from './paging.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only the kind of value is checked. `z.record` would copy every member of it. */
const jsonObject = z.unknown().check(z.refine(isObject, { error: 'must be a JSON object' }));
documentation.add(jsonObject, { type: 'object' });

/** A media type and its parameters, as the value of a header. */
const contentType = z
  .string()
  .check(
    z.maxLength(256),
    z.regex(/^[\x21-\x7e][\x20-\x7e]*$/, { error: 'must be the value of a header in visible ASCII' }),
  );

const contentTypeName = z.string().check(z.regex(/^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Tt][Yy][Pp][Ee]$/));

/** A header in two spellings is refused elsewhere: the document has `maxProperties` for it. */
const rawHeaders = z.record(contentTypeName, contentType, {
  error: ({ code }) => (code === 'invalid_key' ? 'is not supported: only content-type is' : undefined),
});

/** Replaces the payload by a text that is sent as it is, with a content type of its own. */
const transformationsParams = z
  .strictObject(
    {
      rawPayload: z.nullish(
        z
          .string()
          .check(z.refine((text) => text.isWellFormed(), { error: 'must not contain half of a surrogate pair' })),
      ),
      headers: z.nullish(
        withLimits({ maxProperties: 1 }, described('Only `content-type`, and only with `rawPayload`.', rawHeaders)),
      ),
    },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? 'has only rawPayload and headers: nothing else is supported' : undefined,
    },
  )
  .check(
    z.refine(({ rawPayload, headers }) => rawPayload != null || headers == null, {
      path: ['headers'],
      error: 'must be given with rawPayload only: another payload is sent as application/json',
    }),
  );
matchingAny(
  [
    [
      { properties: { headers: { type: 'null' } } },
      { properties: { rawPayload: { type: 'string' } }, required: ['rawPayload'] },
    ],
  ],
  transformationsParams,
);

/** A new message. The payload is not read from here: what is stored is its part of the request's text. */
export const messageIn = component(
  'MessageIn',
  z
    .object({
      eventType: eventTypeName,
      payload: z.nullish(jsonObject),
      data: z.nullish(jsonObject),
      eventId: z.nullish(eventId),
      channels: z.nullish(channels),
      tags: z.nullish(tags),
      payloadRetentionPeriod: z.nullish(
        described('Days. Not together with payloadRetentionHours.', z.int().check(z.minimum(1), z.maximum(90))),
      ),
      payloadRetentionHours: z.nullish(z.int().check(z.minimum(1), z.maximum(2160))),
      /** How far ahead it may be depends on the time of the request, so that is checked elsewhere. */
      deliverAt: z.nullish(requestInstant()),
      transformationsParams: z.nullish(transformationsParams),
      /** The application to create if the path names one that does not exist. It is checked in any case. */
      application: z.nullish(applicationIn),
    })
    .check(
      z.refine(
        ({ payload, data, transformationsParams: raw }) => [payload, data, raw?.rawPayload].some((it) => it != null),
        {
          path: ['payload'],
          error: 'must be given',
        },
      ),
    ),
);
export type MessageIn = z.output<typeof messageIn>;

const withText = { type: 'object', properties: { rawPayload: { type: 'string' } }, required: ['rawPayload'] };

matchingAny(
  [
    [
      { properties: { payload: { type: 'object' } }, required: ['payload'] },
      { properties: { data: { type: 'object' } }, required: ['data'] },
      { properties: { transformationsParams: withText }, required: ['transformationsParams'] },
    ],
    notTogether('payloadRetentionPeriod', 'payloadRetentionHours'),
  ],
  messageIn,
);

export const messageOut = component(
  'MessageOut',
  z.object({
    id: z.string(),
    eventId: z.nullable(z.string()),
    eventType: z.string(),
    payload: z.record(z.string(), z.unknown()),
    channels: z.nullable(z.array(z.string())),
    tags: z.nullable(z.array(z.string())),
    timestamp: instant,
    deliverAt: z.nullable(instant),
  }),
);
export type MessageOut = z.output<typeof messageOut>;

const messageQuery = z.object({ with_content: z.optional(truth) });

export const messageListQuery = z.extend(timeLimitedListQuery, {
  ...idIterator('message'),
  tag: z.optional(z.string()),
});
export type MessageListQuery = z.output<typeof messageListQuery>;

/** More messages would not be expunged within the time of a request. */
const maxExpunged = 500;

const bulkExpungeContentsIn = component(
  'BulkExpungeContentsIn',
  z.object({
    ids: z.nullish(described('Ids or eventIds of messages.', z.array(messageName).check(z.maxLength(maxExpunged)))),
  }),
);

const bulkExpungeContentsOut = component(
  'BulkExpungeContentsOut',
  z.object({ results: z.record(z.string(), z.enum(['expunged', 'not-found'])) }),
);
export type BulkExpungeContentsOut = z.output<typeof bulkExpungeContentsOut>;

const messagePrecheckIn = component(
  'MessagePrecheckIn',
  z.object({ eventType: eventTypeName, channels: z.nullish(channels) }),
);

const messagePrecheckOut = component('MessagePrecheckOut', z.object({ active: z.boolean() }));

const path = '/api/v1/app/{app_id}/msg';

/** Accepting a message is a function of its own: it is called most often. */
export const postMessageOperations = defineOperations('post-message', {
  'v1.message.create': {
    method: 'POST',
    path,
    access: 'organisation',
    summary: 'Send a message to all endpoints whose filters match',
    query: messageQuery,
    body: messageIn,
    answers: { 202: messageOut },
    answerNames: { thing: 'message', field: 'id' },
  },
});

export const messageOperations = defineOperations('messages', {
  'v1.message.list': {
    method: 'GET',
    path,
    access: 'application',
    summary: 'List the messages of an application',
    query: messageListQuery,
    answers: { 200: listOf('MessageOut', messageOut) },
  },
  'v1.message.get': {
    method: 'GET',
    path: `${path}/{msg_id}`,
    access: 'application',
    summary: 'Get a message',
    query: messageQuery,
    answers: { 200: messageOut },
  },
  'v1.message.precheck': {
    method: 'POST',
    path: `${path}/precheck/active`,
    access: 'organisation',
    summary: 'Whether any endpoint would get a message',
    body: messagePrecheckIn,
    answers: { 200: messagePrecheckOut },
    answerNames: 'nothing',
  },
  'v1.message.expunge-content': {
    method: 'DELETE',
    path: `${path}/{msg_id}/content`,
    access: 'organisation',
    summary: 'Remove the payload of a message',
    answers: { 204: null },
  },
  'v1.message.bulk-expunge-content': {
    method: 'POST',
    path: `${path}/bulk-expunge`,
    access: 'organisation',
    summary: 'Remove the payloads of several messages',
    body: bulkExpungeContentsIn,
    answers: { 200: bulkExpungeContentsOut },
    answerNames: 'nothing',
  },
});
