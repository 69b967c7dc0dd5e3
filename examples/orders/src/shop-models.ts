import dynamoose from 'dynamoose';
import { Item } from 'dynamoose/dist/Item.js';

export class Product extends Item {
  declare id: string;
  declare stock: number;
}

export class Order extends Item {
  declare id: string;
  declare product: string;
  declare quantity: number;
  declare status: 'placed' | 'paid' | 'shipped';
}

/** The shop's own models. Their tables are created at the first start. */
export function createShopModels() {
  const products = dynamoose.model<Product>('Product', { id: String, stock: Number });
  const orders = dynamoose.model<Order>('Order', {
    id: String,
    product: String,
    quantity: Number,
    status: { type: String, enum: ['placed', 'paid', 'shipped'] },
  });
  new dynamoose.Table('orders', [orders], { throughput: 'ON_DEMAND' });
  // Posthorn reads the changes of this one, if it was started with posthorn.sources.yml.
  const streamOptions = { enabled: true, type: 'NEW_AND_OLD_IMAGES' } as const;
  new dynamoose.Table('products', [products], { throughput: 'ON_DEMAND', streamOptions });
  return { orders, products };
}

export type ShopModels = ReturnType<typeof createShopModels>;
