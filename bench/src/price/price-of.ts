import { assumptions, type Traffic } from './assumptions.ts';
import type { MeasuredPath } from './measure-functions.ts';
import { atSize, type Invocation, type MeasuredFunction } from './measured-function.ts';
import type { prices as awsPrices } from './prices.ts';

type Prices = typeof awsPrices;

/** One line of the bill. */
export interface PriceItem {
  readonly item: string;
  /** How much of it a message takes, and of what. */
  readonly amount: number;
  readonly unit: string;
  /** US dollars for a million messages. */
  readonly dollars: number;
}

export interface Price {
  readonly items: readonly PriceItem[];
  readonly dollars: number;
  readonly writeUnits: number;
  /** What is billed by the month, or is free for the first 100 GB. It is not part of the sum. */
  readonly besides: readonly PriceItem[];
}

const million = 1e6;
const gb = 1e9;
const daysOfMonth = 30.4;
const queueBatch = 10;

/** A function, and how many messages one invocation gets. */
interface Step {
  readonly measured: MeasuredFunction;
  readonly messages: number;
}

const stepsOf = (path: MeasuredPath, traffic: Traffic): readonly Step[] => [
  { measured: path.postMessage, messages: 1 },
  { measured: path.fanOut, messages: traffic.fanOut },
  { measured: path.deliver, messages: traffic.deliver },
  { measured: path.statistics, messages: traffic.statistics },
];

/** A figure for one message, summed over all functions. */
const perMessage = (steps: readonly Step[], figureOf: (invocation: Invocation) => number): number =>
  steps.reduce((sum, { measured, messages }) => sum + atSize(measured, messages, figureOf) / messages, 0);

/** Milliseconds that Lambda bills for one invocation. Waiting for an answer takes as long whatever the memory is. */
export function billedMs({ measured, messages }: Step): number {
  const { waitMs, runtimeMs, oneProcessorMb } = assumptions;
  const { few, memoryMb } = measured;
  const slowness = Math.max(1, oneProcessorMb / memoryMb);
  const cpuMs = (atSize(measured, messages, ({ cpuMs: own }) => own) + runtimeMs) * slowness;
  const waiting =
    few.waits.dynamodb * waitMs.dynamodb + few.waits.sqs * waitMs.sqs + few.waits.receiver * waitMs.receiver;
  return Math.ceil(cpuMs + waiting);
}

/** What a million messages cost, item by item. */
export function priceOf(path: MeasuredPath, traffic: Traffic, prices: Prices): Price {
  const steps = stepsOf(path, traffic);
  const item = (name: string, amount: number, unit: string, price: number): PriceItem => ({
    item: name,
    amount,
    unit,
    dollars: amount * price * million,
  });
  const invocations = steps.reduce((sum, { messages }) => sum + 1 / messages, 0);
  const tables = [
    ...new Set(steps.flatMap(({ measured }) => [...measured.few.units.keys(), ...measured.many.units.keys()])),
  ];
  const units = (kind: 'writes' | 'reads') =>
    tables
      .toSorted()
      .map((table) => ({ table, amount: perMessage(steps, (own) => own.units.get(table)?.[kind] ?? 0) }))
      .filter(({ amount }) => amount > 0);
  const [writes, reads] = [units('writes'), units('reads')];
  const sends = Math.ceil(traffic.fanOut / queueBatch) / traffic.fanOut;
  const seconds = million / traffic.perSecond;
  const keyRequests = (assumptions.warmWorkers * seconds) / assumptions.keyMemorySeconds / million;
  const items = [
    item('API Gateway', 1, 'request', prices.apiGatewayRequest),
    item('Lambda', invocations, 'invocations', prices.lambdaRequest),
    ...steps.map((step) =>
      item(
        `Lambda ${step.measured.name}, ${step.measured.memoryMb} MB, ${billedMs(step)} ms for ${one(step.messages)}`,
        ((billedMs(step) / 1000) * (step.measured.memoryMb / 1024)) / step.messages,
        'GB-s',
        prices.lambdaGbSecond,
      ),
    ),
    ...writes.map(({ table, amount }) => item(`DynamoDB write ${shortName(table)}`, amount, 'units', prices.writeUnit)),
    ...reads.map(({ table, amount }) => item(`DynamoDB read ${shortName(table)}`, amount, 'units', prices.readUnit)),
    item('DynamoDB streams, read by Lambda', 0, 'units', 0),
    item('SQS send', sends, 'requests', prices.queueRequest),
    item('SQS receive and delete', 2 / traffic.deliver, 'requests', prices.queueRequest),
    item('KMS', keyRequests, 'requests', prices.kmsRequest),
    item('CloudWatch Logs', logBytes(steps), 'bytes', prices.logGb / gb),
  ];
  return {
    items,
    dollars: items.reduce((sum, { dollars }) => sum + dollars, 0),
    writeUnits: writes.reduce((sum, { amount }) => sum + amount, 0),
    besides: besidesOf(path, prices),
  };
}

const logBytes = (steps: readonly Step[]): number =>
  perMessage(steps, ({ log }) => log.bytes + log.lines * assumptions.logLineBytes) +
  perMessage(steps, () => assumptions.platformLines.bytes + assumptions.platformLines.lines * assumptions.logLineBytes);

const accessLogBytes = assumptions.accessLineBytes + assumptions.logLineBytes;

/** Rows have 100 bytes more than they contain. */
const rowOverhead = 100;
/** Of a request to the receiver or an answer of the API, beside the body. */
const headerBytes = 700;

function besidesOf({ bodyBytes, stored }: MeasuredPath, prices: Prices): readonly PriceItem[] {
  const kept = (bytes: number, days: number) => ((bytes + rowOverhead) * days) / daysOfMonth;
  const rows =
    kept(stored.messageBytes, assumptions.kept.messageDays) + kept(stored.attemptBytes, assumptions.kept.successDays);
  const traffic = 2 * (bodyBytes + headerBytes);
  return [
    {
      item: 'rows kept for 90 and 30 days',
      amount: rows,
      unit: 'byte-months',
      dollars: (rows / gb) * million * prices.keptRowGbMonth,
    },
    {
      item: 'access log, unless it is off',
      amount: accessLogBytes,
      unit: 'bytes',
      dollars: (accessLogBytes / gb) * million * prices.logGb,
    },
    {
      item: 'traffic out, above 100 GB a month',
      amount: traffic,
      unit: 'bytes',
      dollars: (traffic / gb) * million * prices.trafficOutGb,
    },
  ];
}

const shortName = (table: string): string => table.replace(/^posthorn-\w+-/, '');
const one = (value: number): string => String(Math.round(value * 10) / 10);
