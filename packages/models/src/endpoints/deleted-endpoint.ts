import type { Endpoint } from '@posthorn/core';
import type { KeyRange } from '../paging/key-range.ts';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import type { Row } from '../rows/row.ts';

const prefix = 'deleted#';

const keyPrefix = (at: Date): string => `${prefix}${at.toISOString()}#`;

/**
 * The row that is left of a deleted endpoint, as long as attempts at it are listed by their message. It sorts by the
 * time of the deletion.
 */
export const toDeletedEndpointRow = (
  { applicationId, endpointId }: Pick<Endpoint, 'applicationId' | 'endpointId'>,
  { deletedAt, keptDays }: { readonly deletedAt: Date; readonly keptDays: number },
): Row => ({
  applicationId,
  endpointId: `${keyPrefix(deletedAt)}${endpointId}`,
  expiresAt: toEpochSeconds(daysAfter(deletedAt, keptDays)),
});

/** The keys of the endpoints that were deleted since a time. */
export const deletedSince = (since: Date): KeyRange => ({ from: keyPrefix(since), to: `${prefix}~` });

/** The keys of all endpoints that were deleted. */
export const deletedEndpointKeys: KeyRange = { from: prefix, to: `${prefix}~` };

/** The id of a deleted endpoint, from the key of its row. */
export const idOfDeletedEndpoint = (key: string): string => key.slice(key.lastIndexOf('#') + 1);
