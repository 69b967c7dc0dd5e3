import dynamoose from 'dynamoose';
import { Item } from 'dynamoose/dist/Item.js';
import express, { type Express } from 'express';
import { receive } from './receive.ts';
import type { Secrets } from './subscribe.ts';

class Parcel extends Item {
  declare orderId: string;
  /** What the warehouse has heard of the order, from the oldest to the newest. */
  declare history: string[];
}

class HandledEvent extends Item {
  declare id: string;
}

/** The event of an order. Only Posthorn can send it: its signature was verified. */
interface OrderEvent {
  readonly id: string;
  readonly status: string;
}

/** The event of a product, in the form that a source gives it. */
interface ProductEvent {
  readonly data: {
    readonly keys: { readonly id: string };
    readonly changed: { readonly stock: { readonly new: number } };
  };
}

function createModels() {
  const parcels = dynamoose.model<Parcel>('Parcel', {
    orderId: { type: String, hashKey: true },
    history: { type: Array, schema: [String] },
  });
  const handled = dynamoose.model<HandledEvent>('HandledEvent', { id: String });
  const reorders = dynamoose.model('Reorder', { eventId: { type: String, hashKey: true }, product: String });
  new dynamoose.Table('warehouse-parcels', [parcels], { throughput: 'ON_DEMAND' });
  new dynamoose.Table('warehouse-handled-events', [handled], { throughput: 'ON_DEMAND' });
  new dynamoose.Table('warehouse-reorders', [reorders], { throughput: 'ON_DEMAND' });
  return { parcels, handled, reorders };
}

/**
 * The receiver: another company's server. An event can arrive twice, for example if this program died before it answered,
 * and its work must be done once.
 */
export function createWarehouse(findSecrets: () => Secrets, say: (line: string) => void): Express {
  const { parcels, handled, reorders } = createModels();
  const app = express();

  /** The work and the note that it is done are one transaction. The second time, the note exists and nothing is done. */
  async function noteOrder(eventId: string, event: unknown): Promise<void> {
    const { id: orderId, status } = event as OrderEvent;
    // Events of one order come one after the other, so nobody else changes its parcel meanwhile.
    const { history = [] } = (await parcels.get(orderId)) ?? {};
    try {
      await dynamoose.transaction([
        handled.transaction.create({ id: eventId }),
        parcels.transaction.update({ orderId }, { $SET: { history: [...history, status] } }),
      ]);
      say(`Warehouse: ${orderId} is ${status}`);
    } catch (error) {
      if (!isNamed(error, 'TransactionCanceledException') || !(await handled.get(eventId))) throw error;
      say(`Warehouse: ${orderId} is ${status}, as it has heard before`);
    }
  }

  /** The work is one new item: with the event's id as its key, it cannot be made twice. */
  async function reorder(eventId: string, event: unknown): Promise<void> {
    const { keys, changed } = (event as ProductEvent).data;
    try {
      await reorders.create({ eventId, product: keys.id });
      say(`Purchasing: only ${changed.stock.new} left of ${keys.id}, more is ordered`);
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  app.post('/webhooks', ...receive(() => findSecrets().warehouse, noteOrder));
  app.post('/purchasing', ...receive(() => findSecrets().purchasing, reorder));
  app.get('/parcels/:orderId', async (request, response) => {
    const parcel = await parcels.get(request.params.orderId);
    if (parcel) response.json(parcel);
    else response.status(404).json({ problem: `nothing is known of ${request.params.orderId}` });
  });

  return app;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
