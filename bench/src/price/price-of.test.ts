import { trafficOf } from './assumptions.ts';
import type { MeasuredPath } from './measure-functions.ts';
import { atSize, type Invocation, type MeasuredFunction, meanOf } from './measured-function.ts';
import { billedMs, priceOf } from './price-of.ts';
import { prices } from './prices.ts';

const anInvocation = (overrides: Partial<Invocation> = {}): Invocation => ({
  entries: 1,
  cpuMs: 1,
  units: new Map(),
  queueRequests: 0,
  waits: { dynamodb: 0, sqs: 0, receiver: 0 },
  log: { lines: 0, bytes: 0 },
  ...overrides,
});

const aFunction = (name: string, few: Partial<Invocation> = {}, many: Partial<Invocation> = few): MeasuredFunction => ({
  name,
  memoryMb: 1_769,
  few: anInvocation(few),
  many: anInvocation({ ...many, entries: 10 }),
});

const aPath = (overrides: Partial<MeasuredPath> = {}): MeasuredPath => ({
  bodyBytes: 1_024,
  postMessage: aFunction('post'),
  fanOut: aFunction('fan out'),
  deliver: aFunction('deliver'),
  statistics: aFunction('count'),
  stored: { messageBytes: 900, attemptBytes: 400 },
  ...overrides,
});

const busy = trafficOf(1_600, 5);
const dollarsOf = (path: MeasuredPath, name: string) =>
  priceOf(path, busy, prices).items.find(({ item }) => item === name)?.dollars;

it('gives an invocation as many messages as arrive between two reads of a shard, up to its limit', () => {
  expect(trafficOf(160, 5)).toMatchObject({ fanOut: 10, deliver: 10, statistics: 200 });
  expect(trafficOf(1, 5)).toMatchObject({ fanOut: 1, deliver: 1, statistics: 1.25 });
  expect(trafficOf(100_000, 5)).toMatchObject({ fanOut: 200, deliver: 10, statistics: 1_000 });
});

it('takes a figure for a batch from the line through two measured ones', () => {
  const measured = aFunction('deliver', { cpuMs: 2 }, { cpuMs: 11 });
  expect(atSize(measured, 4, ({ cpuMs }) => cpuMs)).toBe(5);
  expect(atSize(measured, 19, ({ cpuMs }) => cpuMs)).toBe(20);
});

it('bills waiting once, and work by the share of a processor', () => {
  const waits = { dynamodb: 2, sqs: 1, receiver: 1 };
  const measured = aFunction('deliver', { cpuMs: 3, waits });
  expect(billedMs({ measured, messages: 1 })).toBe(3 + 1 + 2 * 5 + 10 + 100);
  expect(billedMs({ measured: { ...measured, memoryMb: 1_769 / 2 }, messages: 1 })).toBe(2 * (3 + 1) + 120);
});

it('charges units by table, for the share of each message in an invocation', () => {
  const units = (writes: number) => new Map([['posthorn-price-attempts', { writes, reads: writes }]]);
  const path = aPath({ deliver: aFunction('deliver', { units: units(1) }, { units: units(10) }) });
  expect(dollarsOf(path, 'DynamoDB write attempts')).toBeCloseTo(0.625);
  expect(dollarsOf(path, 'DynamoDB read attempts')).toBeCloseTo(0.125);
  expect(priceOf(path, busy, prices).writeUnits).toBeCloseTo(1);
});

it('charges a request to the queue for ten messages, and each invocation', () => {
  expect(dollarsOf(aPath(), 'SQS send')).toBeCloseTo(0.04);
  expect(dollarsOf(aPath(), 'SQS receive and delete')).toBeCloseTo(0.08);
  expect(dollarsOf(aPath(), 'Lambda')).toBeCloseTo(0.2 * (1 + 1 / 100 + 1 / 10 + 1 / 1_000));
});

it('adds up all items', () => {
  const { items, dollars } = priceOf(aPath(), busy, prices);
  expect(dollars).toBeCloseTo(items.reduce((sum, item) => sum + item.dollars, 0));
});

it('takes the mean of units, also of tables that only some invocations used', () => {
  const [one, other] = [anInvocation({ units: new Map([['a', { writes: 2, reads: 0 }]]) }), anInvocation()];
  expect(meanOf([one, other]).units.get('a')).toEqual({ writes: 1, reads: 0 });
});
