import { ApiException, type Svix } from 'svix';
import { applicationUid, eventTypes } from './shop.ts';

const destinationUid = 'example-warehouse';

/**
 * Makes what the shop needs at Posthorn, once: its application, its event types, and the warehouse's endpoint. The
 * endpoint is in FIFO mode, and gets the events of each order one after the other.
 *
 * @returns the secret that the warehouse verifies requests with
 */
export async function subscribe(svix: Svix, url: string): Promise<string> {
  await svix.application.getOrCreate({ name: 'Example shop', uid: applicationUid });
  for (const name of Object.values(eventTypes))
    await unlessStatus(409, svix.eventType.create({ name, description: 'An order of the example shop' }));
  const present = await unlessStatus(404, svix.destination.get(applicationUid, destinationUid));
  if (present?.config.url !== url) {
    if (present) await svix.destination.delete(applicationUid, destinationUid);
    await svix.destination.create(applicationUid, {
      type: 'fifoEndpoint',
      uid: destinationUid,
      config: { url },
      metadata: { orderBy: 'orderingKey' },
    });
  }
  return (await svix.endpoint.getSecret(applicationUid, destinationUid)).key;
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
