import type { StoredDelivery } from '@posthorn/core';

/** Whether two descriptions say the same about a delivery. When it got into its state does not count. */
export const isSameDelivery = (one: StoredDelivery, other: StoredDelivery): boolean =>
  one.state === other.state && one.reason === other.reason && textOf(one) === textOf(other);

const textOf = ({ delivery: { attemptNumber, scheduledAt, notBefore } }: StoredDelivery): string =>
  JSON.stringify({ attemptNumber, scheduledAt, notBefore });
