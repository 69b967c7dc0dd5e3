import { setTimeout as wait } from 'node:timers/promises';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { localQueues } from '@posthorn/local-host/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { addUnits, askForCapacity, isWrite, type Units } from './capacity.ts';
import { type Exchange, startCountingProxy } from './counting-proxy.ts';
import { createTraffic, sendAll, type Traffic } from './traffic.ts';

/** The statistics trigger waits for 5 seconds of attempts before it counts them. */
const statisticsLagMs = 12_000;
const warmUp = 20;

/** The cost of one message to one endpoint that answers 200 at the first attempt. */
export interface UnitCosts {
  readonly perTable: readonly { readonly table: string; readonly units: Units }[];
  readonly total: Units;
  readonly writeRequests: number;
  readonly queueRequests: readonly { readonly action: string; readonly perMessage: number }[];
}

/** What a traffic needs. */
interface Setting {
  readonly system: LaunchedSystem;
  readonly receiver: Receiver;
  /** The address of the tables, past the proxy: requests to it are not counted. */
  readonly store: string;
}

/** The cost of a message of 1 KB that is posted with an idempotency key. */
export const measureUnitCosts = (messages: number): Promise<UnitCosts> =>
  measureUnits(messages, {}, ({ system, receiver }) => createTraffic(system, receiver));

/** Runs a system behind counting proxies, and makes messages for it. */
export async function measureUnits(
  messages: number,
  environment: NodeJS.ProcessEnv,
  createMessages: (setting: Setting) => Promise<Traffic>,
): Promise<UnitCosts> {
  const exchanges: { dynamodb: Exchange[]; sqs: Exchange[] } = { dynamodb: [], sqs: [] };
  const store = await startDynamodbEmbedded();
  const queues = await startSqs({ queues: localQueues(localStage) });
  const dynamodb = await startCountingProxy({
    target: store.endpoint,
    change: askForCapacity,
    onExchange: (exchange) => exchanges.dynamodb.push(exchange),
  });
  const sqs = await startCountingProxy({
    target: queues.endpoint,
    onExchange: (exchange) => exchanges.sqs.push(exchange),
  });
  const receiver = await startReceiver();
  const system = await launchSystem({ ...environment, POSTHORN_DYNAMODB: dynamodb.url, POSTHORN_SQS: sqs.url });
  try {
    const traffic = await createMessages({ system, receiver, store: store.endpoint });
    await sendAndSettle(traffic, { count: warmUp, inAll: warmUp });
    exchanges.dynamodb.length = 0;
    exchanges.sqs.length = 0;
    await sendAndSettle(traffic, { count: messages, inAll: warmUp + messages });
    return toCosts(exchanges, messages);
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
    await Promise.all([dynamodb.stop(), sqs.stop(), store.stop(), queues.stop()]);
  }
}

async function sendAndSettle(traffic: Traffic, { count, inAll }: { count: number; inAll: number }): Promise<void> {
  await sendAll(traffic, count);
  await traffic.received(inAll);
  await wait(statisticsLagMs);
}

function toCosts(
  { dynamodb, sqs }: { dynamodb: readonly Exchange[]; sqs: readonly Exchange[] },
  messages: number,
): UnitCosts {
  const sums = dynamodb.reduce<ReadonlyMap<string, Units>>(addUnits, new Map());
  const perMessage = ({ writes, reads }: Units): Units => ({ writes: writes / messages, reads: reads / messages });
  const all = [...sums.values()].reduce(
    (sum, { writes, reads }) => ({ writes: sum.writes + writes, reads: sum.reads + reads }),
    {
      writes: 0,
      reads: 0,
    },
  );
  const queueActions = Object.groupBy(sqs, nameOf);
  return {
    perTable: [...sums]
      .map(([table, units]) => ({ table, units: perMessage(units) }))
      .toSorted((a, b) => a.table.localeCompare(b.table)),
    total: perMessage(all),
    writeRequests: dynamodb.filter(({ action }) => isWrite(action)).length / messages,
    queueRequests: Object.entries(queueActions).map(([action, own = []]) => ({
      action,
      perMessage: own.length / messages,
    })),
  };
}

/** Empty long polls are a cost of waiting, not of a message. */
function nameOf({ action, answer }: Exchange): string {
  const { Messages = [] } = (answer ?? {}) as { Messages?: readonly unknown[] };
  return action === 'ReceiveMessage' && Messages.length === 0 ? 'ReceiveMessage (empty)' : action;
}
