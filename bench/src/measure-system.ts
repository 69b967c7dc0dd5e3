import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { cpuMsOf } from './floor/cpu.ts';
import { residentMegabytes } from './memory.ts';
import type { StoreKind } from './stores/kinds.ts';
import { createTraffic, type Latency, measureLatency, measureThroughput, sendAll, type Throughput } from './traffic.ts';

/** Latency is measured at this even rate. */
export const rate = { perSecond: 50, seconds: 20 };
const warmUp = 2_000;
/** Statistics are counted for 5 seconds of attempts together. They belong to the cost of a message. */
const statisticsLagMs = 7_000;

/** The figures of a whole system on one kind of store. */
export interface SystemFigures {
  /** Start-up time with empty folders, when the machine's caches are warm. */
  readonly readySeconds: number;
  /** From ready until the first message of a new application is received, milliseconds. */
  readonly firstMessageMs: number;
  readonly idleMb: number;
  readonly atRateMb: number;
  readonly fullLoadMb: number;
  readonly latency: Latency;
  readonly throughput: Throughput;
  /** CPU of all processes of the system, milliseconds. Not known if the store is a process of its own. */
  readonly cpuMsPerMessage: number | undefined;
}

/** Starts a system twice and measures the second one: the first start fills the machine's caches. */
export async function measureSystem(kind: StoreKind, messages: number): Promise<SystemFigures> {
  const store = await kind.startForSystem();
  const receiver = await startReceiver();
  try {
    await (await launchSystem(store.environment)).stop();
    const startedAt = performance.now();
    const system = await launchSystem(store.environment);
    const readySeconds = (performance.now() - startedAt) / 1_000;
    try {
      const isStoreOutside = /^https?:/.test(store.environment.POSTHORN_DYNAMODB ?? '');
      return { readySeconds, ...(await measureRunning(system, receiver, { messages, isStoreOutside })) };
    } catch (cause) {
      throw new Error(`The system said:\n${system.output()}`, { cause });
    } finally {
      await system.stop();
    }
  } finally {
    await Promise.all([receiver.stop(), store.stop()]);
  }
}

async function measureRunning(
  system: LaunchedSystem,
  receiver: Receiver,
  { messages, isStoreOutside }: { readonly messages: number; readonly isStoreOutside: boolean },
) {
  const readyAt = performance.now();
  const traffic = await createTraffic(system, receiver);
  await traffic.send();
  await traffic.received(1);
  const firstMessageMs = performance.now() - readyAt;
  const pids = Object.values((await system.cloud()).processes);
  const memoryOf = () => residentMegabytes(pids);
  const idleMb = await memoryOf();
  await sendAll(traffic, warmUp);
  await traffic.received(1 + warmUp);
  const latency = await measureLatency(traffic, rate);
  const atRateMb = await memoryOf();
  const before = await cpuMsOf(pids);
  const throughput = await measureThroughput(traffic, messages);
  const fullLoadMb = await memoryOf();
  await wait(statisticsLagMs);
  const after = await cpuMsOf(pids);
  const isKnown = before !== undefined && after !== undefined && !isStoreOutside;
  const cpuMsPerMessage = isKnown ? (after - before) / messages : undefined;
  return { firstMessageMs, idleMb, atRateMb, fullLoadMb, latency, throughput, cpuMsPerMessage };
}
