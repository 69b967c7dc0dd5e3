import type { Application, DeliveryRepository, StoredDelivery } from '@posthorn/core';

/** Whether an application exists. Sees every write that finished before it began. */
export type HasApplication = (ids: Pick<Application, 'organisationId' | 'applicationId'>) => Promise<boolean>;

/** What ends with these reasons can belong to an application that was deleted. */
const reasonsOfRemoved: ReadonlySet<StoredDelivery['reason']> = new Set(['endpoint_deleted', 'set_aside']);

/**
 * Stores nothing of a delivery that ends because its application was deleted: the task that removes everything of the
 * application may have passed already, and nothing would remove the row before it expires.
 */
export const forgetRemoved = (
  { put, ...deliveries }: DeliveryRepository,
  hasApplication: HasApplication,
): DeliveryRepository => ({
  ...deliveries,
  put: async (stored) => {
    const isRemoved = reasonsOfRemoved.has(stored.reason) && !(await hasApplication(stored.delivery));
    return isRemoved ? 'same' : put(stored);
  },
});
