import type { Delivery, DeliveryStatus, StoredDelivery } from '@posthorn/core';
import { aDelivery } from './delivery.ts';
import { startOfTests } from './ids.ts';

/** A stored delivery in this state, at the builders' delivery with these changes. */
export const aStoredDelivery = (
  status: DeliveryStatus,
  overrides: Partial<Delivery> = {},
  { since = startOfTests, ...rest }: Partial<Pick<StoredDelivery, 'since' | 'place'>> = {},
): StoredDelivery => ({ ...status, delivery: aDelivery(overrides), since, ...rest });
