import { type ChangeFigures, changeRate } from './changes/measure-changes.ts';
import type { Floor } from './floor/measure-floor.ts';
import { rate, type SystemFigures } from './measure-system.ts';
import { printTable } from './print-table.ts';
import type { StoreFigures } from './stores/measure-store.ts';
import type { UnitCosts } from './unit-costs.ts';

const aims = {
  writeUnits: 4,
  memoryMb: 350,
  readySeconds: 2,
  firstMessageMs: 1_000,
  cpuMs: 1.2,
  p95Ms: 8,
  putsPerSecond: 2_500,
  timesLocal: 2,
  statisticsUnits: 0.2,
  changeP95Ms: 25,
  changeUnits: 3.5,
};

const one = (value: number): string => value.toFixed(1);
const two = (value: number): string => value.toFixed(2);
const aim = (isMet: boolean, text: string): string => `${isMet ? 'met' : 'MISSED'} (${text})`;
const times = (value: number, local: number | undefined): string =>
  local === undefined ? 'not known' : `${two(value / local)} × local`;

/** The figures by kind of store. The first kind is the users' default. */
export type ByStore<Figures> = Readonly<Record<string, Figures>>;
const byDefault = <Figures>(figures: ByStore<Figures>): Figures => {
  const [first] = Object.values(figures);
  if (first === undefined) throw new RangeError('nothing was measured');
  return first;
};

export function printStores(figures: ByStore<StoreFigures>): void {
  const names = Object.keys(figures);
  const all = Object.values(figures);
  const row = (title: string, of: (own: StoreFigures) => number) => [title, ...all.map((own) => one(of(own)))];
  console.log('\nThe stores alone, each in its own process, over 20 connections, per second:\n');
  printTable(
    ['', ...names],
    [
      row('conditional puts of 1 KB, one index and a stream', (own) => own.putsPerSecond),
      row('gets', (own) => own.getsPerSecond),
      row('queries of 50 items', (own) => own.queriesPerSecond),
      row('stream records', (own) => own.recordsPerSecond),
    ],
  );
  const { putsPerSecond } = byDefault(figures);
  const local = figures.local?.putsPerSecond;
  const absolute = aim(putsPerSecond >= aims.putsPerSecond, `${aims.putsPerSecond} /s`);
  const relative =
    local === undefined ? '' : `: ${aim(putsPerSecond >= aims.timesLocal * local, `${aims.timesLocal} ×`)}`;
  console.log(`\nputs: ${absolute}; ${times(putsPerSecond, local)}${relative}`);
}

export function printSystems(figures: ByStore<SystemFigures>, floor: Floor): void {
  const all = Object.values(figures);
  const row = (title: string, of: (own: SystemFigures) => string) => [title, ...all.map(of)];
  const latency = ({ p50, p95, p99 }: SystemFigures['latency']['fromPost']) => `${p50} / ${p95} / ${p99}`;
  const known = (value: number | undefined) => (value === undefined ? 'not known' : two(value));
  console.log('\nThe whole system on each of them:\n');
  printTable(
    ['', ...Object.keys(figures)],
    [
      row('start to ready, s', (own) => two(own.readySeconds)),
      row('ready to the first message received, ms', (own) => one(own.firstMessageMs)),
      row('accepted messages, /s', (own) => one(own.throughput.acceptedPerSecond)),
      row('delivered messages, /s', (own) => one(own.throughput.deliveredPerSecond)),
      row('CPU of the system for a message, ms', (own) => known(own.cpuMsPerMessage)),
      row('the floor of a message in this run, ms', () => two(floor.totalMs)),
      row('CPU for a message ÷ floor', (own) => known(timesFloor(own, floor))),
      row(`accept to receive at ${rate.perSecond}/s, p50 / p95 / p99 ms`, (own) => latency(own.latency.fromAccept)),
      row(`post to receive at ${rate.perSecond}/s, p50 / p95 / p99 ms`, (own) => latency(own.latency.fromPost)),
      row('resident memory when ready, MB', (own) => one(own.idleMb)),
      row(`resident memory at ${rate.perSecond}/s, MB`, (own) => one(own.atRateMb)),
      row('resident memory at full load, MB', (own) => one(own.fullLoadMb)),
    ],
  );
  const own = byDefault(figures);
  const local = figures.local?.throughput.deliveredPerSecond;
  const { cpuMsPerMessage, firstMessageMs, fullLoadMb, latency: measured, readySeconds, throughput } = own;
  printAims([
    ['start to ready', aim(readySeconds <= aims.readySeconds, `${aims.readySeconds} s`)],
    ['ready to the first message received', aim(firstMessageMs <= aims.firstMessageMs, `${aims.firstMessageMs} ms`)],
    [
      'CPU of the system for a message',
      cpuMsPerMessage === undefined ? 'not known' : aim(cpuMsPerMessage <= aims.cpuMs, `${aims.cpuMs} ms`),
    ],
    [
      `post to receive at ${rate.perSecond}/s, p95`,
      aim(measured.fromPost.p95 <= aims.p95Ms, `${aims.p95Ms} ms, with a load generator of its own`),
    ],
    [
      `delivered messages, ${times(throughput.deliveredPerSecond, local)}`,
      local === undefined ? '' : aim(throughput.deliveredPerSecond >= aims.timesLocal * local, `${aims.timesLocal} ×`),
    ],
    ['resident memory at full load', aim(fullLoadMb <= aims.memoryMb, `${aims.memoryMb} MB`)],
  ]);
}

/** How much more CPU a message costs than at least. */
const timesFloor = ({ cpuMsPerMessage }: SystemFigures, { totalMs }: Floor): number | undefined =>
  cpuMsPerMessage === undefined ? undefined : cpuMsPerMessage / totalMs;

function printAims(rows: readonly (readonly string[])[]): void {
  console.log('');
  printTable(['', 'aim'], rows);
}

export function printCosts({ perTable, queueRequests, total, writeRequests }: UnitCosts): void {
  console.log(
    '\nUnits per message of 1 KB with an idempotency key, to one endpoint that answers 200 at the first attempt:\n',
  );
  printTable(
    ['table', 'write', 'read'],
    [
      ...perTable.map(({ table, units }) => [table, two(units.writes), two(units.reads)]),
      ['in all', two(total.writes), two(total.reads)],
    ],
  );
  console.log(`\nwrite units: ${aim(total.writes <= aims.writeUnits, `${aims.writeUnits}`)}`);
  console.log(`write requests per message: ${two(writeRequests)}`);
  console.log('\nQueue requests per message (measured under load, when entries are sent in batches):\n');
  printTable(
    ['request', 'per message'],
    queueRequests.map(({ action, perMessage }) => [action, two(perMessage)]),
  );
}

/** @param perAttempt - write units */
export const printStatisticsCost = (perAttempt: number): void =>
  console.log(
    `\nWrite units of the statistics per attempt, in batches of 100 attempts at one endpoint: ${perAttempt.toFixed(3)}: ${aim(
      perAttempt <= aims.statisticsUnits,
      `${aims.statisticsUnits}`,
    )}`,
  );

export function printChanges({ bytes, costs, latency, throughput }: ChangeFigures): void {
  const { p50, p95, p99 } = latency.fromPost;
  const rate = `${changeRate.perSecond}/s`;
  const { writes } = costs.total;
  console.log(`\nEvents of about ${bytes} bytes, made by inserts into a user's own table, to one endpoint:\n`);
  printTable(
    ['', 'figure', 'aim'],
    [
      [
        `put to receive at ${rate}, p50 / p95 / p99 ms`,
        `${p50} / ${p95} / ${p99}`,
        aim(p95 <= aims.changeP95Ms, `p95 ${aims.changeP95Ms} ms`),
      ],
      ['events, /s', one(throughput.deliveredPerSecond), ''],
      ['write units per event', two(writes), aim(writes <= aims.changeUnits, `${aims.changeUnits}`)],
    ],
  );
}
