import { recheckAfterMs } from '../change-group.ts';
import type { GroupJob, GroupRun } from '../group-run.ts';
import type { ParkedGroup } from '../parked-group.ts';
import type { ParkedItem } from '../standing.ts';
import type { Placed } from '../step.ts';

/** The time of the model stands still: a time is over (`present`), or will be after a tick. */
export const present = new Date(0);
export const future = new Date(recheckAfterMs);

/**
 * What is recorded of a message, one letter for each attempt: `S` accepted, `R` to be retried and due, `r` to be retried
 * later, `X` exhausted, `G` gone.
 */
export type Records = string;

/** An entry of the group's queue. Only the first one can be received. */
export interface Entry {
  readonly job: GroupJob<ParkedItem>;
  /** The worker that has it, for as long as the queue keeps it hidden. */
  readonly holder?: number;
}

export interface Worker {
  readonly run: GroupRun<ParkedItem>;
  /** It has sent this attempt, and not recorded it yet. */
  readonly sending?: number;
}

export interface DueRow {
  readonly epoch: number;
  readonly at: Date;
}

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
}

/** Everything about one group: its queue, its rows, its workers, and its endpoint. */
export interface World {
  /** How many messages fan-out has sent. */
  readonly accepted: number;
  readonly places: number;
  readonly queue: readonly Entry[];
  readonly group?: ParkedGroup;
  /** By place. */
  readonly parked: readonly Placed<ParkedItem>[];
  readonly due: readonly DueRow[];
  readonly records: readonly Records[];
  /** Which messages have ended without being accepted. */
  readonly ended: readonly boolean[];
  readonly endpoint: 'enabled' | 'disabled' | 'deleted';
  /** A change of the endpoint that its trigger has not seen. */
  readonly isChanged: boolean;
  /** The endpoint was deleted, and its groups are gone through once more. */
  readonly looksAgain: boolean;
  /** Commands that were decided on, and are not on the queue yet. */
  readonly commands: readonly Extract<GroupJob<ParkedItem>, { kind: 'command' }>[];
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
  /** Whether the endpoint may answer that it is gone. */
  readonly mayBeGone: boolean;
  /** Whether the queue still remembers wakes and drops repeated ones. */
  readonly dropsRepeatedWakes: boolean;
  /** A rule that is left out, to see that the exploration finds out. */
  readonly without?: 'epochs' | 'counts' | 'second-look' | 'second-sweep' | 'wakes-with-rows';
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
};

export const newWorld = (budget: Budget): World => ({
  accepted: 0,
  places: 0,
  queue: [],
  parked: [],
  due: [],
  records: [],
  ended: [],
  endpoint: 'enabled',
  isChanged: false,
  looksAgain: false,
  commands: [],
  workers: [undefined, undefined],
  lastSent: -1,
  budget,
  wakesSeen: [],
});

export const isThrough = ({ records, ended }: World, message: number): boolean =>
  ended[message] === true || records[message]?.endsWith('S') === true;

/** A list with one member changed. */
export const withAt = <Value>(list: readonly Value[], index: number, value: Value): readonly Value[] =>
  list.map((present, at) => (at === index ? value : present));
