import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { cpuMsOf } from '../floor/cpu.ts';
import { printTable } from '../print-table.ts';
import { repeat } from '../repeat.ts';

const flowKeys = [1, 20, 500];
const connections = 16;
const lookEveryMs = 100;
const limitMs = 1_800_000;

interface Bench {
  readonly system: LaunchedSystem;
  readonly svix: Svix;
  readonly receiver: string;
}

/** How fast deliveries in order were made. */
export interface OrderFigures {
  readonly what: string;
  readonly keys: number;
  readonly deliveries: number;
  readonly seconds: number;
  readonly cpuMs: number | undefined;
}

async function aDestination({ svix, receiver }: Bench, name: string) {
  const { id: applicationId } = await svix.application.create({ name });
  const { id } = await svix.destination.create(applicationId, {
    type: 'fifoEndpoint',
    config: { url: `${receiver}/${name}` },
    metadata: { orderBy: '$.key' },
  });
  const post = (count: number, keys: number) =>
    repeat(count, connections, (n) =>
      svix.message.create(applicationId, { eventType: 'bench.sent', payload: { key: n % keys, n } }),
    );
  return { applicationId, id, post };
}

const countOf = async ({ receiver }: Bench): Promise<number> => Number(await (await fetch(receiver)).text());

/** Does something, waits until so many deliveries have arrived, and measures both together. */
async function measure(
  bench: Bench,
  given: Pick<OrderFigures, 'what' | 'keys' | 'deliveries'>,
  work: () => Promise<unknown>,
): Promise<OrderFigures> {
  const pids = Object.values((await bench.system.cloud()).processes);
  const [before, cpuBefore, startedAt] = [await countOf(bench), await cpuMsOf(pids), performance.now()];
  await work();
  for (let arrived = 0; arrived < given.deliveries; arrived = (await countOf(bench)) - before) {
    if (performance.now() - startedAt > limitMs) throw new Error(`${arrived} of ${given.deliveries} arrived`);
    await wait(lookEveryMs);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuAfter = await cpuMsOf(pids);
  const isKnown = cpuBefore !== undefined && cpuAfter !== undefined;
  return { ...given, seconds, cpuMs: isKnown ? (cpuAfter - cpuBefore) / given.deliveries : undefined };
}

async function measureFlow(bench: Bench, keys: number, messages: number): Promise<OrderFigures> {
  const { post } = await aDestination(bench, `flow-${keys}`);
  await measure(bench, { what: 'warm-up', keys, deliveries: 500 }, () => post(500, keys));
  return measure(bench, { what: 'flowing, posted meanwhile', keys, deliveries: messages }, () => post(messages, keys));
}

async function measureDrain(bench: Bench, keys: number, parked: number): Promise<OrderFigures> {
  const { svix, receiver, system } = bench;
  const { applicationId, id, post } = await aDestination(bench, `drain-${keys}`);
  const patch = (status: 'enabled' | 'disabled') =>
    fetch(`${system.url}/api/v1/app/${applicationId}/destination/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status }),
    });
  await fetch(`${receiver}/500`, { method: 'PUT' });
  await post(keys, keys);
  while ((await svix.destination.get(applicationId, id)).status !== 'paused') await wait(lookEveryMs);
  await post(parked - keys, keys);
  await waitUntilParked(bench, `/api/v1/app/${applicationId}/endpoint/${id}`, parked);
  await patch('disabled');
  await fetch(`${receiver}/204`, { method: 'PUT' });
  return measure(bench, { what: 'parked', keys, deliveries: parked }, () => patch('enabled'));
}

/** The statistics of an endpoint count only a part of so many. */
async function waitUntilParked(bench: Bench, path: string, parked: number): Promise<void> {
  while ((await countParked(bench, path)) < parked) await wait(1_000);
}

async function countParked({ system }: Bench, path: string): Promise<number> {
  let count = 0;
  for (let [iterator, done] = ['', false]; !done; ) {
    const page = `${system.url}${path}/delivery?state=parked&limit=250${iterator && `&iterator=${iterator}`}`;
    const answer = await fetch(page, { headers: { authorization: `Bearer ${system.token}` } });
    if (!answer.ok) throw new Error(`the parked deliveries could not be listed: ${answer.status}`);
    const listed = (await answer.json()) as { data: unknown[]; iterator: string | null; done: boolean };
    count += listed.data.length;
    [iterator, done] = [listed.iterator ?? '', listed.done];
  }
  return count;
}

/** How much is measured. */
export interface OrderSize {
  /** For each number of keys that flows. */
  readonly messages: number;
  /** How many parked deliveries drain, by the number of their keys. */
  readonly drains: readonly { readonly keys: number; readonly parked: number }[];
}

/** Measures groups that flow, and groups that drain, on a system of their own. */
export async function measureOrder({ messages, drains }: OrderSize): Promise<readonly OrderFigures[]> {
  const counter = join(import.meta.dirname, '..', 'serve-counter.ts');
  const { firstLine: port, kill } = await startMortalProcess(counter);
  const system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '1' });
  try {
    const svix = new Svix(system.token, { serverUrl: system.url });
    const bench = { system, svix, receiver: `http://127.0.0.1:${port}` };
    const figures: OrderFigures[] = [];
    for (const keys of flowKeys) figures.push(await measureFlow(bench, keys, messages));
    for (const { keys, parked } of drains) figures.push(await measureDrain(bench, keys, parked));
    return figures;
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([kill(), system.stop()]);
  }
}

export function printOrder(figures: readonly OrderFigures[]): void {
  printTable(
    ['Deliveries in order', 'keys', 'deliveries', 'seconds', 'deliveries, /s', 'CPU for a delivery, ms'],
    figures.map(({ what, keys, deliveries, seconds, cpuMs }) => [
      what,
      String(keys),
      String(deliveries),
      seconds.toFixed(1),
      (deliveries / seconds).toFixed(0),
      cpuMs?.toFixed(2) ?? 'not known',
    ]),
  );
}
