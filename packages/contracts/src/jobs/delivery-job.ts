import { type Delivery, parseSlotText, toSlotText } from '@posthorn/core';
import * as z from 'zod/mini';
import { instant } from './instant.ts';

/**
 * What an entry of a delivery queue holds: ids and times, never a payload. An optional field may be added without a new
 * version: entries of the version before do not have it, and its absence has a defined meaning.
 */
export const deliveryJob = z.object({
  version: z.literal(1),
  organisationId: z.string(),
  applicationId: z.string(),
  messageId: z.string(),
  endpointId: z.string(),
  attemptNumber: z.int().check(z.positive()),
  scheduledAt: instant,
  trigger: z.enum(['scheduled', 'manual']),
  attemptId: z.optional(z.string()),
  /** Absent if the delivery was not deferred. */
  notBefore: z.optional(instant),
  /** Absent if `notBefore` is not a slot of a throttled endpoint or application. */
  slot: z.optional(z.string()),
  /** Absent if the retry schedule counts from the first attempt. */
  retriesFrom: z.optional(z.int().check(z.positive())),
  /** Absent unless a task has begun the delivery again and no attempt was made of it before. */
  isUntried: z.optional(z.literal(true)),
  /** Absent if the delivery is not the probe of an endpoint's breaker. */
  probe: z.optional(z.int()),
});

/** The text of a queue entry for a delivery. */
export const toDeliveryJob = ({ scheduledAt, notBefore, slot, ...delivery }: Delivery): string =>
  JSON.stringify({
    version: 1,
    ...delivery,
    scheduledAt: scheduledAt.toISOString(),
    ...(notBefore && { notBefore: notBefore.toISOString() }),
    ...(slot && { slot: toSlotText(slot) }),
  });

export function readDeliveryJob(job: z.infer<typeof deliveryJob>): Delivery {
  const { version: _, scheduledAt, attemptId, notBefore, slot: slotText, retriesFrom, isUntried, probe, ...ids } = job;
  const slot = slotText === undefined ? undefined : parseSlotText(slotText);
  return {
    ...ids,
    scheduledAt: new Date(scheduledAt),
    ...(attemptId !== undefined && { attemptId }),
    ...(notBefore !== undefined && { notBefore: new Date(notBefore) }),
    ...(slot && { slot }),
    ...(retriesFrom !== undefined && { retriesFrom }),
    ...(isUntried && { isUntried }),
    ...(probe !== undefined && { probe }),
  };
}
