import dynamoose from 'dynamoose';
import { Item } from 'dynamoose/dist/Item.js';
import express, { type Express } from 'express';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

class Parcel extends Item {
  declare orderId: string;
  /** What the warehouse has heard of the order, from the oldest to the newest. */
  declare history: string[];
}

class HandledEvent extends Item {
  declare id: string;
}

/**
 * The receiver: another company's server. It verifies each request, does its work once for each event, and answers 2xx
 * when that is done. Everything else than 2xx makes Posthorn try again later.
 *
 * @param findSecret - returns the secret of the endpoint (`whsec_…`)
 */
export function createWarehouse(findSecret: () => string, say: (line: string) => void): Express {
  const handle = createHandler(say);
  const app = express();

  // The raw bytes: the signature covers them, and parsing and printing the JSON would change them.
  app.post('/webhooks', express.raw({ type: '*/*', limit: '1mb' }), async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    try {
      new Webhook(findSecret()).verify(request.body, headers);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      return void response.status(401).json({ problem: error.message });
    }
    await handle(String(headers['webhook-id']), JSON.parse(request.body.toString()));
    response.status(204).end();
  });

  app.get('/parcels/:orderId', async (request, response) => {
    const parcel = await dynamoose.model<Parcel>('Parcel').get(request.params.orderId);
    if (parcel) response.json(parcel);
    else response.status(404).json({ problem: `nothing is known of ${request.params.orderId}` });
  });

  return app;
}

interface OrderEvent {
  readonly id: string;
  readonly status: string;
}

/**
 * The work and the note that it is done are one transaction. An event can arrive twice, for example if this program died
 * before it answered: the second time, the note exists and nothing is done.
 */
function createHandler(say: (line: string) => void) {
  const parcels = dynamoose.model<Parcel>('Parcel', {
    orderId: { type: String, hashKey: true },
    history: { type: Array, schema: [String] },
  });
  const handled = dynamoose.model<HandledEvent>('HandledEvent', { id: String });
  new dynamoose.Table('warehouse-parcels', [parcels], { throughput: 'ON_DEMAND' });
  new dynamoose.Table('warehouse-handled-events', [handled], { throughput: 'ON_DEMAND' });

  return async (eventId: string, { id: orderId, status }: OrderEvent): Promise<void> => {
    // Events of one order come one after the other, so nobody else changes its parcel meanwhile.
    const { history = [] } = (await parcels.get(orderId)) ?? {};
    try {
      await dynamoose.transaction([
        handled.transaction.create({ id: eventId }),
        parcels.transaction.update({ orderId }, { $SET: { history: [...history, status] } }),
      ]);
      say(`Warehouse: ${orderId} is ${status}`);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TransactionCanceledException')) throw error;
      if (!(await handled.get(eventId))) throw error;
      say(`Warehouse: ${orderId} is ${status}, as it has heard before`);
    }
  };
}
