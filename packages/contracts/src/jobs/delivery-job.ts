import { type Delivery, parseSlotText, toSlotText } from '@posthorn/core';
import * as z from 'zod/mini';

/** ISO 8601 with milliseconds, UTC. */
const instant = z.iso.datetime({ precision: 3 });

/**
 * What an entry of a delivery queue holds: ids and times, never a payload. An optional field may be added without a new
 * version: entries of the version before do not have it, and its absence has a defined meaning.
 */
const deliveryJob = z.object({
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
});

/** A delivery, or the reason why a text is not one. */
export type ParsedDeliveryJob =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'refused'; readonly reason: string };

/** The text of a queue entry for a delivery. */
export const toDeliveryJob = ({ scheduledAt, notBefore, slot, ...delivery }: Delivery): string =>
  JSON.stringify({
    version: 1,
    ...delivery,
    scheduledAt: scheduledAt.toISOString(),
    ...(notBefore && { notBefore: notBefore.toISOString() }),
    ...(slot && { slot: toSlotText(slot) }),
  });

/** Reads the text of a queue entry. */
export function parseDeliveryJob(text: string): ParsedDeliveryJob {
  const parsed = z.safeParse(deliveryJob, parseJson(text));
  if (!parsed.success) return { kind: 'refused', reason: reasonOf(parsed.error.issues) };
  const { version: _, scheduledAt, attemptId, notBefore, slot: slotText, ...ids } = parsed.data;
  const slot = slotText === undefined ? undefined : parseSlotText(slotText);
  const delivery = {
    ...ids,
    scheduledAt: new Date(scheduledAt),
    ...(attemptId !== undefined && { attemptId }),
    ...(notBefore !== undefined && { notBefore: new Date(notBefore) }),
    ...(slot && { slot }),
  };
  return { kind: 'delivery', delivery };
}

/** Returns the application and the endpoint of a delivery, without the cost of checking the other fields. */
export function ownerOfDeliveryJob(text: string): Pick<Delivery, 'applicationId' | 'endpointId'> | undefined {
  const job: unknown = parseJson(text);
  if (typeof job !== 'object' || job === null || !('applicationId' in job) || !('endpointId' in job)) return undefined;
  const { applicationId, endpointId } = job;
  return typeof applicationId === 'string' && typeof endpointId === 'string'
    ? { applicationId, endpointId }
    : undefined;
}

/** Names the fields only: the text may be anything. */
function reasonOf(issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  const fields = [...new Set(issues.map(({ path }) => path.map(String).join('.')))].filter((field) => field !== '');
  return fields.length === 0 ? 'not a delivery job' : `not a delivery job: invalid ${fields.join(', ')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses `undefined` too.
    return undefined;
  }
}
