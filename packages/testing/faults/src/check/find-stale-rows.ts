import { endedStates } from '@posthorn/core';
import { type Event, ofKind } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

/**
 * Finds rows that say otherwise than the receipts: any row of a delivery that succeeded, and one that still waits although
 * the last attempt was made.
 */
export function findStaleRows(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): readonly Violation[] {
  const rows = new Map(ofKind(history, 'waiting').map((row) => [keyOf(row.endpointId, row.messageId), row]));
  return deliveries.flatMap(({ endpoint, message: { messageId }, attempts }) => {
    const row = rows.get(keyOf(endpoint.endpointId, messageId));
    if (row === undefined) return [];
    const hasSuccess = attempts.some(({ status }) => status === 'succeeded');
    const hasEnded = attempts.some(({ status, next }) => status === 'failed' && next !== 'retry' && next !== 'done');
    const isEnded = endedStates.some((state) => state === row.state);
    if (!hasSuccess && !(hasEnded && !isEnded)) return [];
    const what = `${endpoint.path} ${messageId}: stored as ${row.state} (${row.reason})`;
    return [{ promise: 'stale-row' as const, what, messageId, endpointId: endpoint.endpointId }];
  });
}
