import { ApiException, type Svix } from 'svix';
import { applicationUid, eventTypes } from './shop.ts';

const uids = { warehouse: 'example-warehouse', purchasing: 'example-purchasing' };

/** The secrets that the receivers verify requests with (`whsec_…`). */
export interface Secrets {
  readonly warehouse: string;
  readonly purchasing: string;
}

/**
 * Makes what the shop needs at Posthorn, once: its application, its event types, and the endpoints of two receivers. That
 * of the warehouse is in FIFO mode, and gets the events of each order one after the other.
 */
export async function subscribe(svix: Svix, urls: Secrets): Promise<Secrets> {
  await svix.application.getOrCreate({ name: 'Example shop', uid: applicationUid });
  for (const name of Object.values(eventTypes))
    await unlessStatus(409, svix.eventType.create({ name, description: 'Of the example shop' }));
  await subscribeWarehouse(svix, urls.warehouse);
  await subscribePurchasing(svix, urls.purchasing);
  const secretOf = async (uid: string) => (await svix.endpoint.getSecret(applicationUid, uid)).key;
  return { warehouse: await secretOf(uids.warehouse), purchasing: await secretOf(uids.purchasing) };
}

async function subscribeWarehouse(svix: Svix, url: string): Promise<void> {
  const present = await unlessStatus(404, svix.destination.get(applicationUid, uids.warehouse));
  if (present?.config.url === url) return;
  if (present) await svix.destination.delete(applicationUid, uids.warehouse);
  await svix.destination.create(applicationUid, {
    type: 'fifoEndpoint',
    uid: uids.warehouse,
    config: { url },
    eventTypes: [eventTypes.placed, eventTypes.changed],
    metadata: { orderBy: 'orderingKey' },
  });
}

async function subscribePurchasing(svix: Svix, url: string): Promise<void> {
  const uid = uids.purchasing;
  const present = await unlessStatus(404, svix.endpoint.get(applicationUid, uid));
  if (!present) await svix.endpoint.create(applicationUid, { uid, url, eventTypes: [eventTypes.lowStock] });
  else if (present.url !== url) await svix.endpoint.patch(applicationUid, uid, { url });
}

/** Returns nothing if the API answers with the status. */
async function unlessStatus<Answer>(status: number, asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ApiException && error.code === status) return undefined;
    throw error;
  }
}
