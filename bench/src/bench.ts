import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type LaunchedSystem, launchSystem } from '@posthorn/supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { residentMegabytes } from './memory.ts';
import { printTable } from './print-table.ts';
import { measureRawPuts } from './raw-puts.ts';
import { createTraffic, measureLatency, measureThroughput, sendAll } from './traffic.ts';
import { measureUnitCosts } from './unit-costs.ts';

const help = `Measures a whole system on this machine, in one run of about two minutes.

  npx pnpm@12 run bench [--messages 1000] [--json FILE]

Two systems are started one after the other: one as users start it, for rates, latency and memory; one behind proxies
that count what each request to the tables and queues costs. Figures of time depend on the machine and on what else runs.`;

const rate = { perSecond: 50, seconds: 20 };
const aims = { writeUnits: 5.5, p95Ms: 150, ratio: 0.6, memoryMb: 1_500, readySeconds: 15 };
const warmUp = 200;

/** Rates, latency and memory of a system as users start it. */
async function measureSystem(messages: number) {
  const startedAt = performance.now();
  const [system, receiver] = await Promise.all([launchSystem(), startReceiver()]);
  const readySeconds = (performance.now() - startedAt) / 1_000;
  try {
    return { readySeconds, ...(await measureRunning(system, receiver, messages)) };
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
  }
}

async function measureRunning(system: LaunchedSystem, receiver: Receiver, messages: number) {
  const cloud = await system.cloud();
  const memoryOf = () => residentMegabytes(Object.values(cloud.processes));
  const idleMb = await memoryOf();
  const traffic = await createTraffic(system, receiver);
  await sendAll(traffic, warmUp);
  await traffic.received(warmUp);
  const latency = await measureLatency(traffic, rate);
  const atRateMb = await memoryOf();
  const throughput = await measureThroughput(traffic, messages);
  const fullLoadMb = await memoryOf();
  const rawPutsPerSecond = await measureRawPuts(cloud);
  return { idleMb, atRateMb, fullLoadMb, latency, throughput, rawPutsPerSecond };
}

type Measured = Awaited<ReturnType<typeof measureSystem>>;
type Costs = Awaited<ReturnType<typeof measureUnitCosts>>;

function report(measured: Measured, costs: Costs): readonly (readonly string[])[] {
  const { latency, throughput } = measured;
  const ratio = (costs.writeRequests * throughput.deliveredPerSecond) / measured.rawPutsPerSecond;
  const one = (value: number) => value.toFixed(1);
  const two = (value: number) => value.toFixed(2);
  const aim = (isMet: boolean, text: string) => `${isMet ? 'met' : 'MISSED'} (${text})`;
  const milliseconds = ({ p50, p95, p99 }: Measured['latency']['fromPost']) => `${p50} / ${p95} / ${p99} ms`;
  return [
    [
      'start to ready',
      `${one(measured.readySeconds)} s`,
      aim(measured.readySeconds <= aims.readySeconds, `${aims.readySeconds} s`),
    ],
    ['accepted messages', `${one(throughput.acceptedPerSecond)} /s`, ''],
    ['delivered messages', `${one(throughput.deliveredPerSecond)} /s`, ''],
    [
      `accept to receive at ${rate.perSecond}/s, p50/p95/p99`,
      milliseconds(latency.fromAccept),
      aim(latency.fromAccept.p95 <= aims.p95Ms, `p95 ${aims.p95Ms} ms`),
    ],
    [`post to receive at ${rate.perSecond}/s, p50/p95/p99`, milliseconds(latency.fromPost), ''],
    [
      'write units per message',
      two(costs.total.writes),
      aim(costs.total.writes <= aims.writeUnits, `${aims.writeUnits}`),
    ],
    ['read units per message', two(costs.total.reads), ''],
    ['write requests per message', two(costs.writeRequests), ''],
    ['raw puts of the store', `${one(measured.rawPutsPerSecond)} /s`, ''],
    ['write requests per second ÷ raw puts', two(ratio), aim(ratio >= aims.ratio, `${aims.ratio}`)],
    [
      'resident memory when ready',
      `${one(measured.idleMb)} MB`,
      aim(measured.idleMb < aims.memoryMb, `${aims.memoryMb} MB`),
    ],
    [
      `resident memory at ${rate.perSecond}/s`,
      `${one(measured.atRateMb)} MB`,
      aim(measured.atRateMb < aims.memoryMb, `${aims.memoryMb} MB`),
    ],
    [
      'resident memory at full load',
      `${one(measured.fullLoadMb)} MB`,
      aim(measured.fullLoadMb < aims.memoryMb, `${aims.memoryMb} MB`),
    ],
  ];
}

function printCosts({ perTable, queueRequests }: Costs): void {
  const two = (value: number) => value.toFixed(2);
  console.log(
    '\nUnits per message of 1 KB with an idempotency key, to one endpoint that answers 200 at the first try:\n',
  );
  printTable(
    ['table', 'write', 'read'],
    perTable.map(({ table, units }) => [table, two(units.writes), two(units.reads)]),
  );
  console.log('\nQueue requests per message (under load: entries travel in batches):\n');
  printTable(
    ['request', 'per message'],
    queueRequests.map(({ action, perMessage }) => [action, two(perMessage)]),
  );
}

async function main(): Promise<void> {
  const options = {
    messages: { type: 'string', default: '1000' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const messages = Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1 || messages > 100_000)
    throw new Error('--messages must be from 1 to 100000');
  console.log('Measuring rates, latency and memory …');
  const measured = await measureSystem(messages);
  console.log('Measuring what a message costs …\n');
  const costs = await measureUnitCosts(Math.min(messages, 300));
  printTable(['', 'figure', 'aim'], report(measured, costs));
  printCosts(costs);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ measured, costs }, null, 2)}\n`);
}

await main();
