import * as z from 'zod/mini';
import { endpointHeadersOut, endpointUrl } from './endpoint.ts';
import { channels, endpointUid, eventTypes, headers, instant, metadata } from './fields.ts';
import { listOf } from './paging.ts';

/**
 * A new endpoint in FIFO mode. Its `metadata` may carry `orderBy`, a JSON path into the payload whose value is the
 * ordering key, and `onExhausted` (`block` or `skip`): what happens behind a message whose retries are used up.
 */
export const destinationIn = z.object({
  type: z.literal('fifoEndpoint', { error: 'only fifoEndpoint is supported' }),
  config: z.object({ url: endpointUrl, headers: z.nullish(headers), key: z.nullish(z.string()) }),
  uid: z.nullish(endpointUid),
  status: z.nullish(z.enum(['enabled', 'disabled'])),
  batchSize: z.nullish(z.literal(1, { error: 'batches are not supported yet: leave it out or say 1' })),
  maxWaitSecs: z.nullish(z.literal(0, { error: 'batches are not supported yet: leave it out or say 0' })),
  eventTypes: z.nullish(eventTypes),
  channels: z.nullish(z.union([channels, z.array(z.string()).check(z.maxLength(0))])),
  metadata: z.nullish(metadata),
});
export type DestinationIn = z.output<typeof destinationIn>;

export const destinationOut = z.object({
  id: z.string(),
  uid: z.nullable(z.string()),
  type: z.literal('fifoEndpoint'),
  config: z.object({ url: z.string(), headers: endpointHeadersOut }),
  status: z.enum(['enabled', 'paused', 'disabled', 'retrying']),
  currentIterator: z.string(),
  failureReason: z.nullable(z.string()),
  nextRetryAt: z.nullable(instant),
  batchSize: z.int(),
  maxWaitSecs: z.int(),
  eventTypes: z.optional(z.array(z.string())),
  channels: z.optional(z.array(z.string())),
  metadata: z.record(z.string(), z.string()),
  createdAt: instant,
  updatedAt: instant,
});
export type DestinationOut = z.output<typeof destinationOut>;

export const destinationListOut = listOf(destinationOut);
