import { timeOfId } from '@posthorn/core';
import { listDeletedEndpoints, listEndpointKeys } from '../endpoints/list-endpoint-keys.ts';
import { withPrefix } from '../paging/key-range.ts';
import { daysAfter } from '../rows/expiry.ts';
import type { Store } from '../store.ts';

/** The clocks of the functions differ by less than this. */
const clockSkewDays = 1;

/**
 * The ids of all endpoints that can have attempts of a message: those that the application has, and those that were
 * deleted after the message was accepted.
 */
export async function listAttemptedEndpoints(
  store: Store,
  { applicationId, messageId }: { readonly applicationId: string; readonly messageId: string },
): Promise<ReadonlySet<string>> {
  // In this order, so that an endpoint that is deleted in between is in one of the two lists.
  const present = await listEndpointKeys(store, applicationId, withPrefix('ep_'));
  const since = daysAfter(timeOfId(messageId), -clockSkewDays);
  return new Set([...present, ...(await listDeletedEndpoints(store, applicationId, since))]);
}
