import { isOperationalApplicationId } from '@posthorn/core';
import type { LocalQueue } from '@posthorn/local-queues';
import type { ApplicationCounts, Tally } from '../counters/tally.ts';
import type { Health } from '../health/judge-health.ts';
import type { DueCounts } from './count-due.ts';
import { countQueued } from './count-queued.ts';
import type { ApplicationStatus, SystemStatus } from './system-status.ts';

export interface StatusSources {
  readonly tally: Tally;
  readonly health: () => Health;
  readonly fanOutBehindSince: () => Date | undefined;
  readonly startedAt: Date;
  readonly restarts: number;
  /** Queues whose entries a function handles. Absent if the queues are at another endpoint. */
  readonly jobQueues: readonly LocalQueue[] | undefined;
  /** Queues whose entries wait for the operator. */
  readonly deadLetterQueues: readonly LocalQueue[];
  readonly countDue: (limit: number) => Promise<DueCounts>;
  readonly applicationOf: (body: string) => string;
}

/** The most rows of each kind that are read for a status. */
const mostRows = 50_000;

/** Reads the status of this process and its stores. With `applications` it reads all entries of the queues, otherwise the delayed ones. */
export async function readStatus(
  sources: StatusSources,
  { now, applications }: { readonly now: Date; readonly applications: boolean },
): Promise<SystemStatus> {
  const { tally, jobQueues, startedAt, restarts } = sources;
  const due = await sources.countDue(mostRows);
  const read = { limit: mostRows, onlyDelayed: !applications };
  const { byApplication, isPartial } = await countQueued(jobQueues ?? [], sources.applicationOf, read);
  const counts = jobQueues?.map((queue) => queue.counts()) ?? [];
  return {
    health: sources.health(),
    startedAt: startedAt.toISOString(),
    restarts,
    counts: {
      accepted: tally.sumOf('MessagesFannedOut'),
      delivered: tally.sumOf('AttemptsSucceeded'),
      failedAttempts: tally.sumOf('AttemptsFailed'),
    },
    failing: due.total + sum(counts.map(({ delayed }) => delayed)) - countHidden(byApplication),
    openBreakers: due.openBreakers,
    ...(jobQueues && { queues: toQueues(sources, now) }),
    fanOutBehindSeconds: secondsSince(sources.fanOutBehindSince()?.getTime(), now) ?? 0,
    isPartial: due.isPartial || isPartial,
    ...(applications && { applications: toApplications(tally, byApplication, due, now) }),
  };
}

/** Delayed deliveries of operational webhooks. A queue counts them with the others. */
const countHidden = (queued: Queued): number =>
  sum([...queued].map(([id, { delayed }]) => (isOperationalApplicationId(id) ? delayed : 0)));

function toQueues({ jobQueues = [], deadLetterQueues }: StatusSources, now: Date) {
  const counts = jobQueues.map((queue) => queue.counts());
  const oldest = counts.flatMap(({ oldestWaitingAt }) => oldestWaitingAt ?? []);
  return {
    waiting: sum(counts.map(({ waiting }) => waiting)),
    inFlight: sum(counts.map(({ inFlight }) => inFlight)),
    ...age(oldest.length === 0 ? undefined : Math.min(...oldest), now),
    deadLetters: sum(
      deadLetterQueues.map((queue) => queue.counts()).flatMap(({ waiting, inFlight }) => [waiting, inFlight]),
    ),
  };
}

type Queued = Awaited<ReturnType<typeof countQueued>>['byApplication'];

const nothing: ApplicationCounts = { accepted: 0, delivered: 0, failedAttempts: 0 };

/**
 * Every application that was seen or has something waiting: the one that waits for the longest time first. Those that carry
 * operational webhooks are hidden.
 */
function toApplications(tally: Tally, queued: Queued, due: DueCounts, now: Date): readonly ApplicationStatus[] {
  const counted = new Map(tally.applications());
  const ids = new Set([...counted.keys(), ...queued.keys(), ...due.byApplication.keys()]);
  return [...ids]
    .filter((id) => !isOperationalApplicationId(id))
    .map((id) => {
      const { waiting = 0, delayed = 0, oldestWaitingAt } = queued.get(id) ?? {};
      const failing = delayed + (due.byApplication.get(id) ?? 0);
      return { id, ...(counted.get(id) ?? nothing), failing, waiting, ...age(oldestWaitingAt, now) };
    })
    .sort(
      (one, other) =>
        (other.oldestWaitingSeconds ?? -1) - (one.oldestWaitingSeconds ?? -1) || other.accepted - one.accepted,
    );
}

const age = (time: number | undefined, now: Date): { readonly oldestWaitingSeconds?: number } => {
  const seconds = secondsSince(time, now);
  return seconds === undefined ? {} : { oldestWaitingSeconds: seconds };
};

const secondsSince = (time: number | undefined, now: Date): number | undefined =>
  time === undefined ? undefined : Math.max(0, Math.round((now.getTime() - time) / 1_000));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
