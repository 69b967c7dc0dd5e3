import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkDeadEndpoint } from './breaker/check-dead-endpoint.ts';
import { printBreaker, printDeadEndpoint, simulateBreaker } from './breaker/print-breaker.ts';
import { measureChanges } from './changes/measure-changes.ts';
import { measureOrder, printOrder } from './fifo/measure-order.ts';
import { measureFloor } from './floor/measure-floor.ts';
import { printFloor } from './floor/print-floor.ts';
import { measureSystem, type SystemFigures } from './measure-system.ts';
import { measurePrices } from './price/measure-price.ts';
import { printPrices } from './price/print-price.ts';
import { printChanges, printCosts, printStatisticsCost, printStores, printSystems } from './report.ts';
import { measureDestinations, measureIsolation, printDestinations, printIsolation } from './slow/print-isolation.ts';
import { measureStatisticsCost } from './statistics-cost.ts';
import { type StoreKind, storeKinds } from './stores/kinds.ts';
import { measureStore, type StoreFigures } from './stores/measure-store.ts';
import { measureThrottles, printThrottles } from './throttle/print-throttles.ts';
import { measureUnitCosts } from './unit-costs.ts';

const help = `Measures the stores, and a whole system on each of them. One run takes about half an hour.

  npx pnpm@12 run bench [--messages 5000] [--json FILE]

The stores: embedded in a folder (the default), embedded in memory, and DynamoDB Local if Java is installed. One more
system runs behind proxies that count what each request to the tables and queues costs. The last ones make events of
inserts into a user's own table. Then come the parts that have a command of their own too: the floor
(\`run bench:floor\`), what a million messages cost on AWS (\`run bench:price\`), limits of endpoints and applications
(\`run bench:throttle\`), an hour beside endpoints that hang (\`run bench:slow\`), a dead endpoint with and without the
breaker, and on a host (\`run bench:breaker\`), and deliveries in order, of which 100,000 are parked and drained
(\`run bench:fifo\`). The load generator and the receiver are in this process, on the same cores, so rates are lower than
with tools that need less CPU.
Times depend on the machine and on what else runs: compare only figures of the same run.`;

const throttleSeconds = 18;
const isolationMinutes = 60;
const orderSize = {
  messages: 2_000,
  // One group sends one delivery at a time: it takes about three times as long for each.
  drains: [
    { keys: 1, parked: 10_000 },
    { keys: 20, parked: 100_000 },
  ],
};

async function measureStoreKind(kind: StoreKind): Promise<StoreFigures> {
  const store = await kind.start();
  return measureStore(store.endpoint).finally(() => store.stop());
}

/** Measures the kinds one after the other. Returns the figures by name. */
async function forEach<Figures>(
  kinds: readonly StoreKind[],
  title: string,
  measure: (kind: StoreKind) => Promise<Figures>,
): Promise<Readonly<Record<string, Figures>>> {
  const figures: Record<string, Figures> = {};
  for (const kind of kinds) {
    console.log(`Measuring ${title} (${kind.name}) …`);
    figures[kind.name] = await measure(kind);
  }
  return figures;
}

async function main(): Promise<void> {
  const options = {
    messages: { type: 'string', default: '5000' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const messages = Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1 || messages > 100_000)
    throw new Error('--messages must be from 1 to 100000');
  const kinds = await storeKinds();
  console.log('Measuring the floor …');
  const floor = await measureFloor({ messages: 5_000, durability: 'process' });
  const stores = await forEach(kinds, 'the store', measureStoreKind);
  const systems: Readonly<Record<string, SystemFigures>> = await forEach(kinds, 'a system', (kind) =>
    measureSystem(kind, messages),
  );
  console.log('Measuring what a message costs …');
  const costs = await measureUnitCosts(Math.min(messages, 300));
  console.log("Measuring events from a user's own table …");
  const changes = await measureChanges(messages);
  const statistics = await measureStatisticsCost();
  console.log('Measuring what a million messages cost on AWS …');
  const prices = await measurePrices();
  console.log('Measuring limits of endpoints and applications …');
  const throttles = await measureThrottles(throttleSeconds);
  console.log('Simulating an hour beside endpoints that hang …');
  const isolation = measureIsolation(isolationMinutes);
  const destinations = measureDestinations(isolationMinutes);
  console.log('Measuring a dead endpoint …');
  const breaker = { simulated: simulateBreaker(), host: await checkDeadEndpoint() };
  console.log('Measuring deliveries in order …');
  const order = await measureOrder(orderSize);
  printStores(stores);
  printFloor(floor);
  printSystems(systems, floor);
  printCosts(costs);
  printChanges(changes);
  printStatisticsCost(statistics);
  printPrices(prices);
  printThrottles(throttles);
  printIsolation(isolation, isolationMinutes);
  printDestinations(destinations, isolationMinutes);
  printBreaker(breaker.simulated);
  printDeadEndpoint(breaker.host);
  printOrder(order);
  if (values.json !== undefined)
    await writeFile(
      values.json,
      `${JSON.stringify({ floor, stores, systems, costs, changes, statistics, prices, throttles, isolation, destinations, breaker, order }, null, 2)}\n`,
    );
}

await main();
