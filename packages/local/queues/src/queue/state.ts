import type { Change, Storage } from '@posthorn/local-storage';
import { defaultVisibilitySeconds, type QueueDefinition } from '../definition.ts';
import { keys } from '../rows/keys.ts';
import type { Message } from '../rows/message-row.ts';
import type { Group } from '../window/group.ts';
import type { Window } from '../window/window.ts';
import type { Availability } from './availability.ts';
import { type Counters, countersChange } from './counters.ts';
import type { Deadlines } from './deadlines.ts';

/** A take whose messages are not all settled. Its row has how often each was received, for a crash. */
export interface Take {
  readonly key: string;
  open: number;
}

/** A message that was taken and is not settled. Its body is not kept. */
export interface Flight {
  readonly message: Omit<Message, 'body'>;
  readonly group: Group;
  take: Take | undefined;
  /** `settling`: a commit takes, removes or returns it. */
  status: 'out' | 'settling';
}

/** One queue in memory. */
export interface QueueState {
  readonly storage: Storage;
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly now: () => number;
  /** The current definition. SetQueueAttributes changes it. */
  definition: QueueDefinition;
  readonly counters: Counters;
  readonly window: Window;
  /** By sequence number. */
  readonly flights: Map<number, Flight>;
  readonly deadlines: Deadlines<Flight>;
  readonly availability: Availability;
  takes: number;
  /** When the first delayed message is due, at the earliest. */
  nextDue: number | undefined;
  /** Delayed messages up to this key were moved. */
  movedTo: string;
  /** No delayed message of a FIFO queue is due later. */
  lastDue: number;
  /** Housekeeping has nothing to delete before this time. */
  nothingExpiresBefore: number;
  readonly findQueue: (name: string) => QueueState | undefined;
  /** Sets the timer for the next deadline or delayed message. */
  readonly schedule: () => void;
}

/** Changes, and what to do in memory when they are durable or have failed. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly done: () => void;
  readonly failed: () => void;
}

/**
 * Commits plans together, all or none.
 *
 * @param options - `essential` for messages that are already stored: their commits are written on a full disk too
 */
export async function commitPlans(
  storage: Storage,
  plans: readonly Plan[],
  options: { readonly essential?: boolean } = {},
): Promise<void> {
  try {
    await storage.commit(
      plans.flatMap(({ changes }) => changes),
      options,
    );
  } catch (error) {
    for (const { failed } of plans) failed();
    throw error;
  }
  for (const { done } of plans) done();
}

/** The counters' change, to be the last one of a plan. */
export const countersOf = ({ id, counters }: QueueState): Change => countersChange(id, counters);

/** Plans to take flights off the queue's books: removes their takes when nothing of them is open. */
export function closeTakes(flights: readonly Flight[]): { readonly changes: readonly Change[]; reopen(): void } {
  const changes: Change[] = [];
  for (const { take } of flights) {
    if (take === undefined) continue;
    take.open -= 1;
    if (take.open === 0) changes.push({ type: 'del', key: take.key });
  }
  return {
    changes,
    reopen: () => {
      for (const { take } of flights) if (take !== undefined) take.open += 1;
    },
  };
}

export const messageKey = ({ id }: QueueState, { group, sequence }: Pick<Message, 'group' | 'sequence'>): string =>
  keys.message(id, group, sequence);

export const visibilityMsOf = ({ definition }: QueueState): number =>
  (definition.visibilityTimeoutSeconds ?? defaultVisibilitySeconds) * 1_000;
