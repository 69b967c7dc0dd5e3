import { randomUUID } from 'node:crypto';
import { dynamooseOutbox } from '@posthorn/outbox';
import dynamoose from 'dynamoose';
import express, { type Express } from 'express';
import type { ShopModels } from './shop-models.ts';

/** The application at Posthorn that the shop's events belong to. */
export const applicationUid = 'example-shop';

/** The event types of the shop. The last one is made from a change of the products, by posthorn.sources.yml. */
export const eventTypes = { placed: 'order.placed', changed: 'order.status-changed', lowStock: 'product.low-stock' };

/**
 * The shop's HTTP API. Each change commits together with its event: an order that is not stored has no event, and one
 * that is stored has exactly one.
 */
export function createShop({ orders, products }: ShopModels): Express {
  const outbox = dynamooseOutbox(dynamoose);
  const app = express().use(express.json());

  /** Three items in one transaction: the order, what is left in stock, and the event. */
  app.post('/orders', async (request, response) => {
    const { product, quantity = 1 } = request.body;
    const order = {
      id: `order-${randomUUID()}`,
      product: String(product),
      quantity: Number(quantity),
      status: 'placed',
    };
    const inStock = new dynamoose.Condition('stock').ge(order.quantity);
    const committed = await commit([
      orders.transaction.create(order),
      products.transaction.update({ id: order.product }, { $ADD: { stock: -order.quantity } }, { condition: inStock }),
      outbox({ application: applicationUid, eventType: eventTypes.placed, payload: order, orderingKey: order.id }),
    ]);
    if (committed) response.status(201).json(order);
    else response.status(409).json({ problem: `${product} is not in stock` });
  });

  /** An order can be paid once, and shipped once it is paid. */
  app.patch('/orders/:id', async (request, response) => {
    const { id } = request.params;
    const { status } = request.body;
    const before = status === 'paid' ? 'placed' : 'paid';
    const isNext = new dynamoose.Condition('status').eq(before);
    const payload = { id, status };
    const committed = await commit([
      orders.transaction.update({ id }, { $SET: { status } }, { condition: isNext }),
      outbox({ application: applicationUid, eventType: eventTypes.changed, payload, orderingKey: id }),
    ]);
    if (committed) response.json(payload);
    else response.status(409).json({ problem: `there is no order ${id} that is ${before}` });
  });

  app.get('/orders/:id', async (request, response) => {
    const order = await orders.get(request.params.id);
    if (order) response.json(order);
    else response.status(404).json({ problem: `there is no order ${request.params.id}` });
  });

  return app;
}

/** Returns false if a condition was not met: then nothing was written, and there is no event. */
async function commit(items: Parameters<typeof dynamoose.transaction>[0]): Promise<boolean> {
  try {
    await dynamoose.transaction(items);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TransactionCanceledException') return false;
    throw error;
  }
}
