import type { Delivery } from '../../delivery.ts';
import { recheckAfterMs } from '../change-group.ts';
import type { GroupJob, GroupRun } from '../group-run.ts';
import type { ParkedGroup } from '../parked-group.ts';
import type { Placed } from '../step.ts';

/** The time of the model stands still: a time is over (`present`), or will be after a tick. */
export const present = new Date(0);
export const future = new Date(recheckAfterMs);

/**
 * What is recorded of a message, one letter for each attempt: `S` accepted, `R` to be retried and due, `r` to be retried
 * later, `X` exhausted, `G` gone, `D` accepted with the wish to be disabled, `A` aborted.
 */
export type Records = string;

/** An entry of the group's queue. Only the first one can be received. */
export interface Entry {
  readonly job: GroupJob;
  /** The worker that has it, for as long as the queue keeps it hidden. */
  readonly holder?: number;
}

export interface Worker {
  readonly run: GroupRun;
  /** It has sent this attempt, and not recorded it yet. */
  readonly sending?: Delivery;
}

export interface DueRow {
  readonly epoch: number;
  readonly at: Date;
}

/** What makes every attempt of a message fail: stored data that cannot be used, or a fault in Posthorn. */
export type Damage =
  | { readonly of: 'endpoint' }
  | { readonly of: 'message' | 'row' | 'code'; readonly message: number };

/** How often each fault can still happen. */
export interface Budget {
  readonly crashes: number;
  /** The queue hands out a job again while its worker lives. */
  readonly lostLocks: number;
  /** A job comes once more, at the end of the queue: a redrive, a late copy, a repeated fan-out. */
  readonly copies: number;
  /** A wake is sent, and its row is not deleted. */
  readonly repeatedWakes: number;
  /** A wake comes before its time. */
  readonly earlyWakes: number;
  /** A worker has no time for one more attempt. */
  readonly noTime: number;
  readonly skips: number;
  readonly attemptsNow: number;
  readonly disables: number;
  readonly deletions: number;
  /** The throttle or the breaker puts an attempt off. */
  readonly putOffs: number;
  /** A message is no longer stored. */
  readonly expiries: number;
  /** An attempt of a message beside its group is accepted. */
  readonly resends: number;
  readonly damages: number;
}

/** Everything about one group: its queue, its rows, its workers, and its endpoint. */
export interface World {
  /** How many messages fan-out has sent. */
  readonly accepted: number;
  readonly places: number;
  readonly queue: readonly Entry[];
  readonly group?: ParkedGroup;
  /** By place. */
  readonly parked: readonly Placed[];
  readonly due: readonly DueRow[];
  readonly records: readonly Records[];
  /** When each message is planned for. */
  readonly plannedAt: readonly Date[];
  /** The rows of messages outside of the line. */
  readonly stored: readonly ('none' | 'ended' | 'set-aside')[];
  /** Which messages were set aside. When they are put back, they are out of order. */
  readonly wasSetAside: readonly boolean[];
  /** Which messages are no longer stored, or were accepted beside the group. */
  readonly expired: readonly boolean[];
  readonly resent: readonly boolean[];
  readonly damage: Damage | undefined;
  readonly endpoint: 'enabled' | 'disabled' | 'deleted';
  /** A change of the endpoint that its trigger has not seen. */
  readonly isChanged: boolean;
  /** The endpoint was deleted, and its groups are gone through once more. */
  readonly looksAgain: boolean;
  /** Commands that were decided on, and are not on the queue yet. */
  readonly commands: readonly Extract<GroupJob, { kind: 'command' }>[];
  readonly workers: readonly (Worker | undefined)[];
  /** The latest message that was sent. */
  readonly lastSent: number;
  readonly budget: Budget;
  /** What the queue has seen of wakes, to drop repeated ones. */
  readonly wakesSeen: readonly { readonly epoch: number; readonly slice: number }[];
}

export interface Rules {
  readonly messages: number;
  /** Retries after the first attempt. */
  readonly retries: number;
  readonly policy: 'block' | 'skip';
  /** What the endpoint may ask for once for each message: to be disabled, or to give up the message. */
  readonly asks?: 'G' | 'D' | 'A';
  /** Whether the first message is planned for later. */
  readonly isScheduled?: boolean;
  /** Whether the queue still remembers wakes and drops repeated ones. */
  readonly dropsRepeatedWakes: boolean;
  /** A rule that is left out, to see that the exploration finds out. */
  readonly without?: 'epochs' | 'counts' | 'second-look' | 'second-sweep' | 'wakes-with-rows' | 'look-for-endpoint';
}

export const noFaults: Budget = {
  crashes: 0,
  lostLocks: 0,
  copies: 0,
  repeatedWakes: 0,
  earlyWakes: 0,
  noTime: 0,
  skips: 0,
  attemptsNow: 0,
  disables: 0,
  deletions: 0,
  putOffs: 0,
  expiries: 0,
  resends: 0,
  damages: 0,
};

export const newWorld = (budget: Budget): World => ({
  accepted: 0,
  places: 0,
  queue: [],
  parked: [],
  due: [],
  records: [],
  plannedAt: [],
  stored: [],
  wasSetAside: [],
  expired: [],
  resent: [],
  damage: undefined,
  endpoint: 'enabled',
  isChanged: false,
  looksAgain: false,
  commands: [],
  workers: [undefined, undefined],
  lastSent: -1,
  budget,
  wakesSeen: [],
});

/** Whether a message has left its group for good: it was accepted, or it has ended and says so. */
export const isThrough = ({ records, stored, resent }: World, message: number): boolean =>
  stored[message] !== 'none' || /[SD]$/.test(records[message] ?? '') || resent[message] === true;

/** A list with one member changed. */
export const withAt = <Value>(list: readonly Value[], index: number, value: Value): readonly Value[] =>
  list.map((present, at) => (at === index ? value : present));
