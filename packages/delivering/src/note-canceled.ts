import { type CancelReason, type Counter, countOwn, type Delivery, type Log } from '@posthorn/core';

/** Logs and counts a delivery that ends without a further attempt. Whoever ends one does it here. */
export function noteCanceled(
  { log, counters }: { readonly log: Log; readonly counters: Counter },
  { applicationId, messageId, endpointId, attemptNumber }: Delivery,
  reason: CancelReason,
): void {
  log.warn('delivery.canceled', { messageId, endpointId, attemptNumber, reason });
  countOwn(counters, applicationId, { name: 'DeliveriesCanceled' });
}
