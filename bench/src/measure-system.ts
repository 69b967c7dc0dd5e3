import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { residentMegabytes } from './memory.ts';
import { measureRawPuts } from './raw-puts.ts';
import type { StoreKind } from './stores/kinds.ts';
import { createTraffic, type Latency, measureLatency, measureThroughput, sendAll, type Throughput } from './traffic.ts';

/** Latency is measured at this even rate. */
export const rate = { perSecond: 50, seconds: 20 };
const warmUp = 500;

/** The figures of a whole system on one kind of store. */
export interface SystemFigures {
  /** Start-up time with empty folders, when the machine's caches are warm. */
  readonly readySeconds: number;
  readonly idleMb: number;
  readonly atRateMb: number;
  readonly fullLoadMb: number;
  readonly latency: Latency;
  readonly throughput: Throughput;
  readonly rawPutsPerSecond: number;
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
      return { readySeconds, ...(await measureRunning(system, receiver, messages)) };
    } catch (cause) {
      throw new Error(`The system said:\n${system.output()}`, { cause });
    } finally {
      await system.stop();
    }
  } finally {
    await Promise.all([receiver.stop(), store.stop()]);
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
