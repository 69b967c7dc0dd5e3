import type { AttemptRepository, Clock, Delivery } from '@posthorn/core';

/** Whether an attempt of a delivery was accepted: if its retries are used up, one that someone asked for by hand. */
export const createWasAccepted =
  ({ listAttempts, clock }: { readonly listAttempts: AttemptRepository['listByMessage']; readonly clock: Clock }) =>
  async ({ messageId, endpointId }: Delivery): Promise<boolean> => {
    const query = { endpointId, status: 'succeeded', limit: 1, direction: 'forward', withResponse: false } as const;
    return (await listAttempts(messageId, query, clock())).items.length > 0;
  };
