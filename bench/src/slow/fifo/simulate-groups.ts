import { attemptTimeoutMs } from '@posthorn/core';
import { createRandom } from '@posthorn/local-dynamodb';
import { countUse } from '../count-use.ts';
import { deployed } from '../deployed-limits.ts';
import type { SimulatedEndpoint } from '../job.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import { createAttempts } from './attempts.ts';
import { createBatches } from './batches.ts';
import { createGroupQueue, type OrderedDelivery } from './group-queue.ts';
import { createRunGroups, stepMs } from './run-groups.ts';

/** What is switched on, and how long it runs. */
export interface GroupScenario {
  readonly seconds: number;
  readonly seed: number;
  /** The noisy tenant's destination never answers, or answers 200 after 14 s. */
  readonly noisy: 'none' | 'hanging' | 'late';
  /** Groups of a batch take turns, and are freed when they have ended. */
  readonly isApart: boolean;
  /** Slow destinations are attempted at their rate. */
  readonly isPaced: boolean;
  /** Absent: as it is deployed. */
  readonly batchSize?: number;
  /**
   * How often a shard of the messages' stream is read: what one read finds is sent to the queue together, and so gets into
   * the same batches. Lambda reads four times a second.
   */
  readonly readEveryMs: number;
}

interface Load {
  readonly perSecond: number;
  readonly keys: number;
}

/** All messages of a destination are one group, unless it has `orderBy`. */
const quietLoad: Load = { perSecond: 5, keys: 1 };
const noisyLoad: Load = { perSecond: 50, keys: 5_000 };
const answerMsOf = { hanging: attemptTimeoutMs, late: 14_000 } as const;

/** Runs two tenants with a destination each against the limits that are deployed. */
export function simulateGroups({ seconds, seed, noisy, isApart, isPaced, batchSize, readEveryMs }: GroupScenario) {
  const clock = createVirtualClock();
  const random = createRandom(seed);
  const use = countUse();
  const latencies: number[] = [];
  const queue = createGroupQueue();
  const limits = { ...deployed.fifo, ...(batchSize !== undefined && { batchSize }) };
  const { attempt, runTrigger } = createAttempts({
    clock,
    use,
    random,
    isPaced,
    onAccepted: ({ application, acceptedAt }) => {
      if (application === 'quiet') latencies.push(clock.now() - acceptedAt);
    },
  });
  const sendWake = (group: string): void => {
    use.send();
    queue.send({ kind: 'wake', group });
    batches.start();
  };
  const batches = createBatches({
    clock,
    queue,
    limits,
    isApart,
    run: createRunGroups({ clock, use, attempt, sendWake }),
    onInvocation: (taken) => use.invocation(taken, limits.memoryMb),
    onRelease: () => use.send(),
  });

  const messagesOf = (application: string, endpoint: SimulatedEndpoint, { perSecond, keys }: Load): OrderedDelivery[] =>
    Array.from({ length: perSecond * seconds }, (_, n) => {
      const acceptedAt = ((n + random()) / perSecond) * 1_000;
      const group = `${application}-${Math.floor(random() * keys)}`;
      return { group, application, endpoint, acceptedAt, attemptNumber: 1 };
    });
  const quiet = messagesOf('quiet', { name: 'quiet' }, quietLoad);
  const other = noisy === 'none' ? [] : messagesOf('noisy', { name: 'slow', answerMs: answerMsOf[noisy] }, noisyLoad);
  // Both are in one shard of the stream.
  const reads = Object.groupBy(
    [...quiet, ...other].toSorted((one, next) => one.acceptedAt - next.acceptedAt),
    ({ acceptedAt }) => Math.ceil(acceptedAt / readEveryMs),
  );
  for (const [read, deliveries = []] of Object.entries(reads)) {
    clock.at(Number(read) * readEveryMs + stepMs, () => {
      for (const delivery of deliveries) queue.send({ kind: 'delivery', group: delivery.group, delivery });
      batches.start();
    });
  }
  runTrigger();
  clock.runUntil(seconds * 1_000);
  return { latencies, unsent: quiet.length - latencies.length, use: use.counts() };
}
