import { launchSystem } from '@posthorn/local-supervisor/launch';
import { startReceiver } from '@posthorn/testing';
import { type Latency, measureLatency, measureThroughput, sendAll, type Throughput } from '../traffic.ts';
import { measureUnits, type UnitCosts } from '../unit-costs.ts';
import { createChangeTraffic } from './change-traffic.ts';
import { withSourcesFile } from './sources-file.ts';

/** Latency is measured at this even rate. */
export const changeRate = { perSecond: 50, seconds: 20 };
const warmUp = 1_000;
const counted = 300;

/** What events from a user's own table cost, and how long they take. */
export interface ChangeFigures {
  /** From the put of an item until its event is received. */
  readonly latency: Latency;
  readonly throughput: Throughput;
  /** The size of one event's payload. */
  readonly bytes: number;
  readonly costs: UnitCosts;
}

/** @param changes - how many items are put as fast as the tables take them */
export const measureChanges = (changes: number): Promise<ChangeFigures> =>
  withSourcesFile(async (environment) => ({
    ...(await measureRates(environment, changes)),
    costs: await measureUnits(counted, environment, ({ system, receiver, store }) =>
      createChangeTraffic(system, receiver, {
        endpoint: store,
        region: 'us-east-1',
        credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      }),
    ),
  }));

async function measureRates(environment: NodeJS.ProcessEnv, changes: number) {
  const receiver = await startReceiver();
  const system = await launchSystem(environment);
  try {
    const { dynamodb: endpoint, region, accessKeyId, secretAccessKey } = await system.cloud();
    const traffic = await createChangeTraffic(system, receiver, {
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
    });
    await sendAll(traffic, warmUp);
    await traffic.received(warmUp);
    const latency = await measureLatency(traffic, changeRate);
    const throughput = await measureThroughput(traffic, changes);
    const [request] = traffic.requests();
    return { latency, throughput, bytes: Buffer.byteLength(request?.body ?? '') };
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
  }
}
