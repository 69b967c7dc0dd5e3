import { setImmediate } from 'node:timers/promises';
import { createRandom } from '@posthorn/local-dynamodb/random';
import { openStorage, type Storage } from '@posthorn/local-storage';
import type { TakenMessage } from './queue/local-queue.ts';
import { openTestQueues, type TestQueues } from './testing/builders.ts';
import { checkQueues } from './verify/check-queues.ts';

const seeds = Array.from({ length: 12 }, (_, index) => Number(process.env.QUEUES_SEED ?? 1_000) + index);
const steps = 400;
const groupCount = 12;
/** Small, so that groups come and go. */
const limits = { groups: 4, messagesPerGroup: 3, characters: 60 };

/** A storage in memory. It can be full, and a failed write also fails all that come until it is handled. */
async function openFailingStorage() {
  const storage = await openStorage({});
  const failing = { next: false, full: false };
  let isHealing = false;
  const commit: Storage['commit'] = (changes, options) => {
    if (failing.full && options?.essential !== true) return Promise.reject(new Error(reason));
    if (!failing.next && !isHealing) return storage.commit(changes, options);
    failing.next = false;
    isHealing = true;
    void setImmediate().then(() => {
      isHealing = false;
    });
    return Promise.reject(new Error(reason));
  };
  const state: Storage['state'] = () =>
    failing.full ? { writable: false, cause: 'full', reason } : { writable: true };
  return { storage: { ...storage, commit, state }, failing };
}

const reason = 'the disk is full';

/** Uses a queue at random, and checks each message that it gives. */
async function useQueue(name: string, seed: number) {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const { storage, failing } = await openFailingStorage();
  const fifo = name.endsWith('.fifo');
  let system: TestQueues = await openTestQueues([{ name, fifo, visibilityTimeoutSeconds: 60 }], { storage, limits });
  const sent = Array.from({ length: groupCount }, () => 0);
  const removed = new Set<string>();
  let flights: TakenMessage[] = [];
  const problems: string[] = [];

  const send = async (): Promise<void> => {
    const group = below(groupCount);
    const count = 1 + below(3);
    const Entries = Array.from({ length: count }, (_, index) => ({
      Id: String(index),
      MessageBody: `${group}:${(sent[group] ?? 0) + 1 + index}`,
      MessageGroupId: String(group),
      ...(fifo ? { MessageDeduplicationId: `${group}:${(sent[group] ?? 0) + 1 + index}` } : {}),
      ...(!fifo && below(4) === 0 ? { DelaySeconds: 1 + below(60) } : {}),
    }));
    await system.queues.execute('SendMessageBatch', { QueueUrl: name, Entries });
    sent[group] = (sent[group] ?? 0) + count;
  };

  const take = async (): Promise<void> => {
    const denied = below(3) === 0 ? String(below(groupCount)) : undefined;
    const taken = await system.queue(name).take(1 + below(5), ({ groupId }) => groupId !== denied);
    const inFlight = new Set(flights.map(({ body }) => body));
    const before = new Set<string>();
    for (const { body, groupId } of taken) {
      if (removed.has(body)) problems.push(`${body} came back`);
      if (inFlight.has(body)) problems.push(`${body} was given twice`);
      if (groupId === denied) problems.push(`${body} was given although its group was denied`);
      const [group = '', number = ''] = body.split(':');
      for (let earlier = 1; fifo && earlier < Number(number); earlier += 1)
        if (!removed.has(`${group}:${earlier}`) && !before.has(`${group}:${earlier}`))
          problems.push(`${body} was given before ${group}:${earlier}`);
      before.add(body);
    }
    flights.push(...taken);
  };

  /** Ends some flights, with or without a delete. */
  const settle = async (): Promise<void> => {
    const ending = flights.filter(() => below(2) === 0);
    const handles = ending.map(({ receiptHandle }) => receiptHandle);
    if (below(3) > 0) {
      await system.queue(name).remove(handles);
      for (const { body } of ending) removed.add(body);
    } else await system.queue(name).release(handles);
    flights = flights.filter((flight) => !ending.includes(flight));
  };

  const check = async (): Promise<void> => {
    await storage.settled();
    problems.push(...(await checkQueues(storage)).map(({ file, problem }) => `${file} ${problem}`));
  };

  for (let step = 0; step < steps; step += 1) {
    const choice = below(20);
    failing.next = below(15) === 0;
    failing.full = below(10) === 0;
    try {
      if (choice < 4) await together(send(), take(), settle());
      else if (choice < 8) await send();
      else if (choice < 13) await take();
      else if (choice < 18) await settle();
      else if (choice === 18) {
        system.clock.now += below(61_000);
        // All visibility timeouts may have ended.
        flights = flights.filter(({ body }) => removed.has(body));
        system.clock.now += 61_000;
      } else {
        Object.assign(failing, { next: false, full: false });
        system = await system.reopen();
        flights = [];
        await check();
      }
    } catch (error) {
      if (!String(error).includes(reason)) throw error;
    }
    await setImmediate();
  }
  Object.assign(failing, { next: false, full: false });
  await check();
  system.clock.now += 120_000;
  const rest: string[] = [];
  for (let empty = 0; empty < 3; ) {
    const taken = await system.queue(name).take(10);
    rest.push(...taken.map(({ body }) => body));
    await system.queue(name).remove(taken.map(({ receiptHandle }) => receiptHandle));
    empty = taken.length === 0 ? empty + 1 : 0;
    system.clock.now += 61_000;
  }
  const expected = sent.flatMap((count, group) =>
    Array.from({ length: count }, (_, index) => `${group}:${index + 1}`).filter((body) => !removed.has(body)),
  );
  const counts = system.queue(name).counts();
  await system.queues.close();
  return { problems, rest: rest.toSorted(), expected: expected.toSorted(), counts };
}

/** Waits for all, and throws the first failure. */
async function together(...work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

describe.each(['jobs', 'jobs.fifo'])('%s, used at random with failing writes and restarts', (name) => {
  it.each(seeds)('loses, repeats and reorders nothing (seed %i)', async (seed) => {
    const { problems, rest, expected, counts } = await useQueue(name, seed);
    expect(problems).toEqual([]);
    expect(rest).toEqual(expected);
    expect(counts).toEqual({ waiting: 0, delayed: 0, inFlight: 0 });
  });
});
