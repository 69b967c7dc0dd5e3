import { setTimeout as sleep } from 'node:timers/promises';
import { launchSystem } from '@posthorn/local-supervisor/launch';
import { type NameAnswer, startNameServer, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { printTable } from './print-table.ts';
import { createTraffic, type Latency, measureLatency, sendAll } from './traffic.ts';

const help = `Measures a tenant's latency while another tenant has 20 endpoints with name servers that never answer.

  npx pnpm@12 run bench:names

It starts a whole system with its own name server. It measures the healthy tenant three times: alone, beside 20
endpoints that answer 500 at once (the same work without the waiting), and beside 20 endpoints with dead names. Each of
the 20 gets one message a second. It takes about a minute and a half. Aims: p95 under twice its quiet value, and no
failed attempt.`;

const other = { endpoints: 20, perSecond: 1 };
/** Enough messages for a p95, and few enough to leave the machine quiet. */
const rate = { perSecond: 10, seconds: 20 };
const warmUp = 100;
const aims = { timesQuiet: 2, failedAttempts: 0 };

/** Longer than the wait before a second attempt, so that the retries of one measurement do not disturb the next. */
const settleMs = 8_000;

const silence = new Promise<never>(() => undefined);
const loopback: NameAnswer = { kind: 'addresses', addresses: ['127.0.0.1'], ttlSeconds: 5 };

interface OtherTenant {
  /** Messages accepted so far. */
  readonly sent: number;
  stop(): Promise<void>;
}

/** Another application with 20 endpoints. Each endpoint gets one message a second; the messages are spread evenly. */
async function startOtherTenant(svix: Svix, urlOf: (n: number) => string): Promise<OtherTenant> {
  const { id } = await svix.application.create({ name: 'other' });
  const numbers = Array.from({ length: other.endpoints }, (_, n) => n);
  const channelOf = (n: number) => `endpoint-${n % other.endpoints}`;
  await Promise.all(numbers.map((n) => svix.endpoint.create(id, { url: urlOf(n), channels: [channelOf(n)] })));
  const sends: Promise<unknown>[] = [];
  const send = () => {
    const channels = [channelOf(sends.length)];
    sends.push(svix.message.create(id, { eventType: 'bench.sent', payload: {}, channels }));
  };
  const timer = setInterval(send, 1_000 / (other.perSecond * other.endpoints));
  return {
    get sent() {
      return sends.length;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(sends);
      await sleep(settleMs);
    },
  };
}

const show = ({ fromAccept: { p50, p95, p99 } }: Latency) => [p50, p95, p99].map((value) => value.toFixed(0));
const aim = (isMet: boolean, text: string): string => `${isMet ? 'met' : 'MISSED'} (${text})`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(help);
  const names = await startNameServer(({ name }) => (name.startsWith('dead') ? silence : loopback));
  const receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  const system = await launchSystem({ POSTHORN_NAME_SERVERS: names.address });
  try {
    const svix = new Svix(system.token, { serverUrl: system.url });
    const traffic = await createTraffic(system, { ...receiver, url: `http://healthy.example:${port}` });
    await sendAll(traffic, warmUp);
    await traffic.received(warmUp);
    const quiet = await measureLatency(traffic, rate);
    const measureBeside = async (urlOf: (n: number) => string) => {
      const tenant = await startOtherTenant(svix, urlOf);
      const latency = await measureLatency(traffic, rate);
      await tenant.stop();
      return { latency, sent: tenant.sent };
    };
    receiver.respond('/failing', () => ({ status: 500 }));
    const failing = await measureBeside(() => `${receiver.url}/failing`);
    const dead = await measureBeside((n) => `http://dead-${n}.example:${port}/`);
    const failed = await traffic.countFailed();

    console.log(`\nFrom accept to receive at ${rate.perSecond}/s over ${rate.seconds} s, ms:\n`);
    printTable(
      ['', 'p50', 'p95', 'p99'],
      [
        ['alone', ...show(quiet)],
        [`beside ${other.endpoints} endpoints that answer 500`, ...show(failing.latency)],
        [`beside ${other.endpoints} endpoints with dead names`, ...show(dead.latency)],
      ],
    );
    const times = dead.latency.fromAccept.p95 / quiet.fromAccept.p95;
    const timesFailing = dead.latency.fromAccept.p95 / failing.latency.fromAccept.p95;
    console.log(
      `\np95 beside dead names: ${times.toFixed(2)} × alone: ${aim(times < aims.timesQuiet, `${aims.timesQuiet} ×`)}`,
    );
    console.log(`${timesFailing.toFixed(2)} × beside endpoints that answer 500`);
    console.log(`failed attempts: ${failed}: ${aim(failed === aims.failedAttempts, 'none')}`);
    console.log(`dead names: ${dead.sent} messages, ${names.queries.length} queries`);
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await system.stop();
    await Promise.all([receiver.stop(), names.stop()]);
  }
}

await main();
