import type { Svix } from 'svix';
import { endpointNames, type Posted, type Tenant } from './order-traffic.ts';

const succeeded = 0;
const pageSize = 250;

/** Counts the deliveries that have no record of a successful attempt. The private endpoints never have one. */
export async function countWithoutReceipt(
  svix: Svix,
  tenants: readonly Tenant[],
  posted: readonly Posted[],
): Promise<number> {
  const reached = endpointNames.filter((name) => name !== 'private');
  const counts = await Promise.all(
    tenants.flatMap(({ applicationId, endpointIds }, tenant) =>
      reached.map(async (name) => {
        const delivered = await listDelivered(svix, applicationId, endpointIds[name]);
        return posted.filter((message) => message.tenant === tenant && !delivered.has(message.messageId)).length;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Ids of the messages that the endpoint accepted. */
async function listDelivered(svix: Svix, applicationId: string, endpointId: string): Promise<ReadonlySet<string>> {
  const delivered = new Set<string>();
  for (let iterator: string | undefined; ; ) {
    const page = await svix.messageAttempt.listByEndpoint(applicationId, endpointId, {
      limit: pageSize,
      status: succeeded,
      ...(iterator !== undefined && { iterator }),
    });
    for (const { msgId } of page.data) delivered.add(msgId);
    if (page.done || !page.iterator) return delivered;
    iterator = page.iterator;
  }
}
