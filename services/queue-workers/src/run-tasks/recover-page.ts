import {
  type AttemptRepository,
  attemptIdOf,
  begunAgain,
  type Clock,
  type DeliveryRepository,
  type EndpointTask,
  endedAfterAttempt,
  endedUnrecorded,
  type StoredDelivery,
} from '@posthorn/core';
import { planBesideGroups } from './plan-beside-groups.ts';
import type { ReadTaskPage } from './run-endpoint-slice.ts';

export interface RecoverPageDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly deleteEnded: DeliveryRepository['deleteEnded'];
  readonly findAttempt: AttemptRepository['find'];
  readonly clock: Clock;
}

/** Of each state. */
const pageSize = 100;

/**
 * The deliveries of the endpoint that failed or were canceled before the task was started, the oldest message first. Each
 * is begun again after its last attempt. One that ended later is not the task's concern: it may have been begun by it.
 */
export const createReadRecoverPage =
  (deps: RecoverPageDeps): ReadTaskPage =>
  async (task, endpoint, cursor) => {
    const { since, until } = task.work;
    const { listDeliveries, clock } = deps;
    const read = (state: 'failed' | 'canceled') =>
      listDeliveries(
        endpoint.endpointId,
        {
          state,
          after: since,
          before: until,
          limit: pageSize,
          direction: 'forward',
          ...(cursor !== undefined && { iterator: cursor }),
        },
        clock(),
      );
    const pages = await Promise.all([read('failed'), read('canceled')]);
    // Both lists were read up to here. What one of them has behind it is read with the next page.
    const reached = pages
      .flatMap(({ done, resumeAt, items }) => (done ? [] : [resumeAt ?? lastOf(items)]))
      .toSorted()[0];
    const found = pages
      .flatMap(({ items }) => items)
      .filter((stored) => reached === undefined || messageOf(stored) <= reached)
      .toSorted((one, other) => (messageOf(one) < messageOf(other) ? -1 : 1));
    const ended = await withoutSucceeded(
      deps,
      found.filter((stored) => isRecovered(stored, task)),
    );
    const planned = ended.flatMap((stored) => {
      const delivery = beginAgain(stored, task);
      return planBesideGroups(delivery, endpoint, clock()).map((one) => ({ ...one, ended: stored }));
    });
    const last = reached ?? lastOf(found);
    return {
      planned,
      skipped: found.length - planned.length,
      done: reached === undefined,
      ...(last !== undefined && { cursor: last }),
    };
  };

const messageOf = ({ delivery }: StoredDelivery): string => delivery.messageId;
const lastOf = (stored: readonly StoredDelivery[]): string | undefined => stored.at(-1)?.delivery.messageId;

const beginAgain = (stored: StoredDelivery, { createdAt }: EndpointTask) =>
  begunAgain(stored.delivery, { last: stored.delivery.attemptNumber, wasTried: endedAfterAttempt(stored) }, createdAt);

const isRecovered = ({ since, reason }: StoredDelivery, { createdAt }: EndpointTask): boolean =>
  since < createdAt && reason !== 'message_expired';

/**
 * Leaves out deliveries whose attempt was accepted after all, and deletes their rows. A copy of the job was attempted when
 * the row was stored: as canceled, since the endpoint had been disabled, or as set aside.
 */
async function withoutSucceeded(
  { findAttempt, deleteEnded }: RecoverPageDeps,
  ended: readonly StoredDelivery[],
): Promise<readonly StoredDelivery[]> {
  const open = ended.map(async (stored) => {
    const { delivery } = stored;
    if (!endedUnrecorded(stored)) return [stored];
    const attempt = await findAttempt(delivery.endpointId, attemptIdOf(delivery));
    if (attempt?.status !== 'succeeded') return [stored];
    await deleteEnded(delivery);
    return [];
  });
  return (await Promise.all(open)).flat();
}
