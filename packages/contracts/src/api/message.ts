import * as z from 'zod/mini';
import { channels, eventId, eventTypeName, instant, tags } from './fields.ts';
import { listOf, timeLimitedListQuery, truth } from './paging.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonObject = z
  .unknown()
  .check(z.refine(isObject, { error: 'must be a JSON object' }), z.meta({ type: 'object' }));

/** What replaces the payload: a text that is sent verbatim, and the media type that it is sent with. */
const transformationsParams = z.looseObject({
  rawPayload: z.nullish(
    z.string().check(z.refine((text) => text.isWellFormed(), { error: 'must have no half of a surrogate pair alone' })),
  ),
  headers: z.nullish(z.record(z.string(), z.string())),
});

/** A new message. Of its payload only the shape is looked at: what is kept is the text that the caller sent. */
export const messageIn = z
  .object({
    eventType: eventTypeName,
    payload: z.optional(jsonObject),
    data: z.optional(jsonObject),
    eventId: z.nullish(eventId),
    channels: z.nullish(channels),
    tags: z.nullish(tags),
    payloadRetentionPeriod: z.nullish(z.int().check(z.minimum(5), z.maximum(90))),
    payloadRetentionHours: z.nullish(z.int().check(z.minimum(1), z.maximum(2160))),
    deliverAt: z.nullish(z.unknown().check(z.refine((value) => value === null, { error: 'not supported yet' }))),
    transformationsParams: z.nullish(transformationsParams),
    /** An application to create when there is none of this id yet. */
    application: z.nullish(z.record(z.string(), z.unknown())),
  })
  .check(
    z.refine(
      ({ payload, data, transformationsParams: raw }) => [payload, data, raw?.rawPayload].some((it) => it != null),
      {
        path: ['payload'],
        error: 'must be given',
      },
    ),
  );
export type MessageIn = z.output<typeof messageIn>;

export const messageOut = z.object({
  id: z.string(),
  eventId: z.nullable(z.string()),
  eventType: z.string(),
  payload: z.record(z.string(), z.unknown()),
  channels: z.nullable(z.array(z.string())),
  tags: z.nullable(z.array(z.string())),
  timestamp: instant,
});
export type MessageOut = z.output<typeof messageOut>;

export const messageListOut = listOf(messageOut);

export const messageQuery = z.object({ with_content: z.optional(truth) });

export const messageListQuery = z.extend(timeLimitedListQuery, { tag: z.optional(z.string()) });
export type MessageListQuery = z.output<typeof messageListQuery>;
