import type { Delivery } from '@posthorn/core';
import * as z from 'zod/mini';

/** What travels through the delivery queues: ids and the plan, never a payload. */
const deliveryJob = z.object({
  version: z.literal(1),
  organisationId: z.string(),
  applicationId: z.string(),
  messageId: z.string(),
  endpointId: z.string(),
  attemptNumber: z.int().check(z.positive()),
  /** ISO 8601 with milliseconds, UTC. */
  scheduledAt: z.iso.datetime({ precision: 3 }),
  trigger: z.enum(['scheduled', 'manual']),
  attemptId: z.optional(z.string()),
});

/** The text of a queue entry for a delivery. */
export const toDeliveryJob = ({ scheduledAt, ...delivery }: Delivery): string =>
  JSON.stringify({ version: 1, ...delivery, scheduledAt: scheduledAt.toISOString() });

/** The delivery of a queue entry; `undefined` for a text that is none (a poison job). */
export function parseDeliveryJob(text: string): Delivery | undefined {
  const parsed = z.safeParse(deliveryJob, parseJson(text));
  if (!parsed.success) return undefined;
  const { version: _, scheduledAt, attemptId, ...ids } = parsed.data;
  return { ...ids, scheduledAt: new Date(scheduledAt), ...(attemptId === undefined ? {} : { attemptId }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all: the schema refuses `undefined` as it refuses any other text that is no job.
    return undefined;
  }
}
