// A shop and a warehouse in one process. `npx pnpm@12 run example:orders`
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { connect, NotConnected } from './connect.ts';
import { createShop } from './shop.ts';
import { createShopModels, type ShopModels } from './shop-models.ts';
import { type Secrets, subscribe } from './subscribe.ts';
import { createWarehouse } from './warehouse.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const { SHOP_PORT = '8081', WAREHOUSE_PORT = '8082' } = process.env;

async function listen(app: Express, port: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = app.listen(Number(port), 'localhost');
  await once(server, 'listening');
  // A server on a TCP port always has an `AddressInfo`.
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` };
}

/** Ten of each, unless there are some from an earlier start. */
async function fillShelves({ products }: ShopModels): Promise<void> {
  for (const id of ['horn', 'bugle']) if (!(await products.get(id))) await products.create({ id, stock: 10 });
}

async function main(): Promise<void> {
  const svix = await connect(process.env);
  const models = createShopModels();
  let secrets: Secrets = { warehouse: '', purchasing: '' };
  const warehouse = await listen(
    createWarehouse(() => secrets, say),
    WAREHOUSE_PORT,
  );
  secrets = await subscribe(svix, {
    warehouse: `${warehouse.url}/webhooks`,
    purchasing: `${warehouse.url}/purchasing`,
  });
  await fillShelves(models);
  const shop = await listen(createShop(models), SHOP_PORT);
  say(`Shop at ${shop.url}, warehouse at ${warehouse.url}. Place an order:`);
  say(`  curl -X POST ${shop.url}/orders -H 'content-type: application/json' -d '{"product":"horn","quantity":2}'`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      for (const { server } of [shop, warehouse]) server.close();
      process.exit(0);
    });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof NotConnected ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(1);
});
