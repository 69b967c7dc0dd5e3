import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { percentile } from './figures.ts';
import { cpuMsOf } from './floor/cpu.ts';
import { residentMegabytes } from './memory.ts';
import { printTable } from './print-table.ts';
import { repeat } from './repeat.ts';

const help = `Measures how fast a backlog drains, and how the API answers meanwhile.

  npx pnpm@12 run bench:backlog [--deliveries 100000]

It starts a system with one application that has 100 endpoints. The fresh rate is that of 4,000 deliveries. Then all
messages of the backlog are posted as fast as they are accepted. Aims: it drains at 0.8 × the fresh rate or more, the p95 of
a read of the API is under 100 ms, and at most 100 MB more memory than for the fresh ones. 100,000 deliveries take one to
four minutes.`;

const endpoints = 100;
const freshMessages = 40;
const connections = 8;
const probeEveryMs = 50;
const limitMs = 900_000;
const aims = { share: 0.8, p95Ms: 100, moreMb: 100 };
const payload = { note: 'x'.repeat(900) };

/** Only counts requests, in another process: receiving would hold up the reads that are timed here. */
interface Counter {
  readonly url: string;
  count(): Promise<number>;
  stop(): Promise<void>;
}

async function startCounter(): Promise<Counter> {
  const { firstLine: port, kill } = await startMortalProcess(join(import.meta.dirname, 'serve-counter.ts'));
  const url = `http://127.0.0.1:${port}`;
  return { url, count: async () => Number(await (await fetch(url)).text()), stop: kill };
}

interface Drained {
  readonly deliveries: number;
  readonly postedSeconds: number;
  readonly perSecond: number;
  readonly cpuMs: number | undefined;
  readonly apiP50Ms: number;
  readonly apiP95Ms: number;
  readonly peakMb: number;
}

interface Setup {
  readonly system: LaunchedSystem;
  readonly svix: Svix;
  readonly applicationId: string;
  readonly counter: Counter;
}

/** Posts messages as fast as they are accepted, and waits until all of their deliveries have arrived. */
async function drain({ system, svix, applicationId, counter }: Setup, messages: number): Promise<Drained> {
  const pids = Object.values((await system.cloud()).processes);
  const [before, cpuBefore, startedAt] = [await counter.count(), await cpuMsOf(pids), performance.now()];
  const deliveries = messages * endpoints;
  const stop = new AbortController();
  const probes = probe(svix, pids, stop.signal);
  await repeat(messages, connections, () => svix.message.create(applicationId, { eventType: 'bench.sent', payload }));
  const postedSeconds = (performance.now() - startedAt) / 1_000;
  for (let arrived = 0; arrived < deliveries; arrived = (await counter.count()) - before) {
    if (performance.now() - startedAt > limitMs) throw new Error(`${arrived} of ${deliveries} arrived`);
    await wait(probeEveryMs);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuAfter = await cpuMsOf(pids);
  stop.abort();
  const { times, peakMb } = await probes;
  return {
    deliveries,
    postedSeconds,
    perSecond: deliveries / seconds,
    cpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / deliveries,
    apiP50Ms: percentile(times, 0.5),
    apiP95Ms: percentile(times, 0.95),
    peakMb,
  };
}

/** Reads a page of the API again and again, and looks at the memory. */
async function probe(svix: Svix, pids: readonly number[], signal: AbortSignal) {
  const times: number[] = [];
  let peakMb = await residentMegabytes(pids);
  for (let count = 1; !signal.aborted; count += 1) {
    const startedAt = performance.now();
    await svix.application.list({ limit: 1 });
    times.push(performance.now() - startedAt);
    if (count % 10 === 0) peakMb = Math.max(peakMb, await residentMegabytes(pids));
    await wait(probeEveryMs);
  }
  return { times, peakMb };
}

async function main(): Promise<void> {
  const options = {
    deliveries: { type: 'string', default: '100000' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const deliveries = Number(values.deliveries);
  if (!Number.isInteger(deliveries / endpoints) || deliveries < endpoints || deliveries > 1_000_000)
    throw new Error(`--deliveries must be a multiple of ${endpoints}, up to 1000000`);
  const counter = await startCounter();
  const system = await launchSystem();
  try {
    const svix = new Svix(system.token, { serverUrl: system.url });
    const { id: applicationId } = await svix.application.create({ name: 'backlog' });
    await repeat(endpoints, connections, (number) =>
      svix.endpoint.create(applicationId, { url: `${counter.url}/${number}` }),
    );
    const setup = { system, svix, applicationId, counter };
    console.log('Warming up, then measuring the fresh rate …');
    await drain(setup, freshMessages);
    const fresh = await drain(setup, freshMessages);
    console.log(`Measuring a backlog of ${deliveries} deliveries …`);
    report(fresh, await drain(setup, deliveries / endpoints));
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([counter.stop(), system.stop()]);
  }
}

function report(fresh: Drained, backlog: Drained): void {
  const row = (title: string, of: (one: Drained) => string) => [title, of(fresh), of(backlog)];
  console.log('');
  printTable(
    ['', 'fresh', 'backlog'],
    [
      row('deliveries', (one) => String(one.deliveries)),
      row('all accepted after, s', (one) => one.postedSeconds.toFixed(1)),
      row('deliveries, /s', (one) => one.perSecond.toFixed(0)),
      row('CPU of the system for a delivery, ms', (one) => one.cpuMs?.toFixed(2) ?? 'not known'),
      row('a read of the API, p50 / p95 ms', (one) => `${one.apiP50Ms.toFixed(0)} / ${one.apiP95Ms.toFixed(0)}`),
      row('resident memory at its highest, MB', (one) => one.peakMb.toFixed(0)),
    ],
  );
  const more = backlog.peakMb - fresh.peakMb;
  const share = backlog.perSecond / fresh.perSecond;
  const aim = (isMet: boolean, text: string) => `${isMet ? 'met' : 'MISSED'} (${text})`;
  console.log('');
  printTable(
    ['', 'aim'],
    [
      [`the backlog drains at ${share.toFixed(2)} × the fresh rate`, aim(share >= aims.share, `${aims.share} ×`)],
      ['a read of the API meanwhile, p95', aim(backlog.apiP95Ms < aims.p95Ms, `${aims.p95Ms} ms`)],
      [
        `resident memory, ${more.toFixed(0)} MB more than for the fresh ones`,
        aim(more <= aims.moreMb, `${aims.moreMb} MB`),
      ],
    ],
  );
}

await main();
