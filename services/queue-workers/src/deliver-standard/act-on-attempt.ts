import {
  type Attempt,
  type Delivery,
  type DeliveryRepository,
  type EndpointRepository,
  type FailureReason,
  followUpOf,
  mayBeStored,
} from '@posthorn/core';
import type { UnblockGroups } from './unblock-groups.ts';

export interface ActOnAttemptDeps {
  readonly deliveries: Pick<DeliveryRepository, 'put' | 'delete' | 'deleteEnded'>;
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly unblockGroups: UnblockGroups;
  /** Brings the delivery back when it is due. */
  readonly schedule: (delivery: Delivery) => Promise<void>;
}

/**
 * Does what the record of a delivery's attempt says. All of it may be repeated: what is stored derives from the record, and
 * the next attempt's job is the same.
 */
export async function actOnAttempt(
  deps: ActOnAttemptDeps,
  delivery: Delivery,
  { attempt, wasChanged = false }: { readonly attempt: Attempt; readonly wasChanged?: boolean },
): Promise<void> {
  const { next, status } = attempt;
  if (status === 'succeeded') await forget(deps, delivery, wasChanged);
  // It was accepted beside its group.
  if (status === 'succeeded' && delivery.trigger === 'manual') await deps.unblockGroups(delivery, attempt);
  switch (next.kind) {
    case 'done':
      return;
    case 'retry':
      return retry(deps, followUpOf(delivery, next.at), attempt);
    case 'exhausted':
    case 'aborted':
      return fail(deps, delivery, { reason: next.kind, attempt });
    case 'gone':
      if (status === 'failed') await fail(deps, delivery, { reason: 'gone', attempt });
      return deps.disableEndpoint(delivery, attempt.attemptedAt);
  }
}

/**
 * A delivery that succeeded is no longer stored. One that succeeds at its first try never was: that costs nothing. But if
 * its endpoint was changed meanwhile, a copy of its job may have been canceled before.
 */
async function forget({ deliveries }: ActOnAttemptDeps, delivery: Delivery, wasChanged: boolean): Promise<void> {
  if (delivery.trigger === 'manual') return deliveries.deleteEnded(delivery);
  if (mayBeStored(delivery)) await deliveries.delete(delivery);
  else if (wasChanged) await deliveries.deleteEnded(delivery);
}

/** If the delivery is stored at a later attempt, or its present one is being waited for, this job came late. */
async function retry({ deliveries, schedule }: ActOnAttemptDeps, next: Delivery, { attemptedAt }: Attempt) {
  const stored = { state: 'planned', reason: 'retry', delivery: next, since: attemptedAt } as const;
  if ((await deliveries.put(stored)) !== 'superseded') await schedule(next);
}

/** A manual attempt that failed changes nothing that is stored. */
async function fail(
  { deliveries }: ActOnAttemptDeps,
  delivery: Delivery,
  { reason, attempt }: { readonly reason: FailureReason; readonly attempt: Attempt },
): Promise<void> {
  if (delivery.trigger === 'manual') return;
  await deliveries.put({ state: 'failed', reason, delivery, since: attempt.attemptedAt });
}
