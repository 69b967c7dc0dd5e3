import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchSystem } from '@posthorn/local-supervisor/launch';
import { type NameAnswer, startNameServer, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import type { Neighbour } from './neighbours/neighbour.ts';
import { neighbours } from './neighbours/neighbours.ts';
import { startPlaces } from './neighbours/start-places.ts';
import { printTable } from './print-table.ts';
import { createTraffic, type Latency, measureLatency, sendAll } from './traffic.ts';

const help = `Measures the latency of one tenant while endpoints of others hang, fail, or get 10,000 deliveries at once.

  npx pnpm@12 run bench:fairness [--seconds 20] [--only burst]

It starts a whole system with its own name server. The quiet tenant gets ten messages a second, first alone, and then
beside each neighbour, or those that have the text of --only in their names. Each measurement has a system of its own.
One run takes about four minutes. Aim: a p95 of at most twice the quiet one, or 100 ms if that is more, and no failed
attempt.`;

const perSecond = 10;
const warmUp = 100;
const aim = { timesQuiet: 2, milliseconds: 100 };
/** The neighbour's first requests must hang before the measurement begins. */
const beginMs = 2_000;

const silence = new Promise<never>(() => undefined);
const loopback: NameAnswer = { kind: 'addresses', addresses: ['127.0.0.1'], ttlSeconds: 5 };

type Receiving = Awaited<ReturnType<typeof startReceiver>>;

interface Measured {
  readonly latency: Latency;
  /** Messages that the neighbour sent. */
  readonly sent: number;
  readonly failed: number;
}

interface Setup {
  readonly receiver: Receiving;
  readonly nameServer: string;
  readonly seconds: number;
}

/** Measures the quiet tenant on a new system, beside a neighbour or alone. */
async function measure(neighbour: Neighbour | undefined, { receiver, nameServer, seconds }: Setup): Promise<Measured> {
  const { port } = new URL(receiver.url);
  const system = await launchSystem({ POSTHORN_NAME_SERVERS: nameServer });
  try {
    const svix = new Svix(system.token, { serverUrl: system.url });
    const traffic = await createTraffic(system, receiver, `http://quiet.example:${port}`);
    await sendAll(traffic, warmUp);
    await traffic.received(warmUp);
    const running = await neighbour?.begin(svix);
    if (running) await sleep(beginMs);
    const latency = await measureLatency(traffic, { perSecond, seconds });
    await running?.stop();
    return { latency, sent: running?.sent() ?? 0, failed: await traffic.countFailed() };
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await system.stop();
  }
}

async function main(): Promise<void> {
  const options = {
    seconds: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 300) throw new Error('--seconds must be from 1 to 300');
  const names = await startNameServer(({ name }) => (name.startsWith('dead') ? silence : loopback));
  const receiver = await startReceiver();
  const places = await startPlaces();
  const setup = { receiver, nameServer: names.address, seconds };
  try {
    const rows = [];
    const quiet = await measure(undefined, setup);
    const limit = Math.max(aim.timesQuiet * quiet.latency.fromAccept.p95, aim.milliseconds);
    rows.push(['alone', ...show(quiet), '']);
    for (const neighbour of neighbours(places)) {
      const { name } = neighbour;
      if (!name.includes(values.only)) continue;
      console.log(`Measuring beside ${name} …`);
      const beside = await measure(neighbour, setup);
      const isMet = beside.latency.fromAccept.p95 <= limit && beside.failed === 0;
      rows.push([name, ...show(beside), isMet ? 'met' : 'MISSED']);
    }
    console.log(
      `\nFrom accept to receive at ${perSecond}/s over ${seconds} s, ms. Aim: p95 up to ${limit.toFixed(0)}\n`,
    );
    printTable(['beside', 'p50', 'p95', 'p99', 'sent by it', 'failed', 'aim'], rows);
  } finally {
    await Promise.all([receiver.stop(), names.stop(), places.stop()]);
  }
}

const show = ({ latency: { fromAccept }, sent, failed }: Measured): string[] => [
  ...[fromAccept.p50, fromAccept.p95, fromAccept.p99].map((value) => value.toFixed(0)),
  String(sent),
  String(failed),
];

await main();
