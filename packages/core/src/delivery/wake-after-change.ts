import type { RowChange } from '../batch/row-change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Wake } from './wake.ts';

/**
 * The wake that follows a change of an endpoint. If its breaker holds deliveries, they need not wait for the next probe:
 * - if it is enabled again, they are drained,
 * - if it has another URL, the next probe is made,
 * - if it is disabled, they are canceled.
 *
 * If it is deleted, everything that waits for it is canceled.
 */
export function wakeAfterChange(change: RowChange<Endpoint>): Wake | undefined {
  const epoch = epochToWake(change);
  if (epoch === undefined) return undefined;
  const { organisationId, applicationId, endpointId } = change.kind === 'removed' ? change.old : change.new;
  return { organisationId, applicationId, endpointId, epoch, at: change.changedAt, slice: 0 };
}

/** An endpoint without a breaker, or one that is gone, is woken in any epoch. */
function epochToWake(change: RowChange<Endpoint>): number | undefined {
  switch (change.kind) {
    case 'inserted':
      return undefined;
    case 'removed':
      return change.old.health?.breaker?.epoch ?? 0;
    case 'updated': {
      const { old, new: next } = change;
      const isMeant = old.disabled !== next.disabled || old.url !== next.url;
      return isMeant ? (next.health ?? old.health)?.breaker?.epoch : undefined;
    }
  }
}
