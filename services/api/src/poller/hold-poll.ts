import { pollAfterMs } from '@posthorn/contracts/api/poller';
import type { LogNotices, LogPosition, LogWatch } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import { answerEarlyMs } from '../time-limits.ts';
import { createHoldShares, type HoldOwner } from './hold-shares.ts';
import type { MessagesPage } from './read-messages.ts';

/** What it takes to hold polls. */
interface Holding {
  readonly logNotices: Pick<LogNotices, 'watch'>;
  /** A signal that is aborted when nobody waits for the answer of a request any more, or when the process is to stop. */
  readonly endOfRequest: (requestId: string) => AbortSignal;
}

export interface HoldPollDeps {
  /** Absent where polls are answered at once. */
  readonly holding?: Holding;
  readonly clock: Clock;
  /** Ends early if the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A poll that may be held. */
interface HoldablePoll {
  readonly owner: HoldOwner;
  readonly requestId: string;
  /** The longest that it may be held. 0: it is answered at once. */
  readonly waitMs: number;
  /** Until when it may be held. */
  readonly until: Date;
  /** How many milliseconds are left until the function is stopped. */
  readonly remainingMs: () => number;
  readonly behind: LogPosition;
  /** @param maxReadMs - after this time, a page ends although there is more */
  readonly read: (behind: LogPosition, maxReadMs: number) => Promise<MessagesPage>;
  /** Checks again whether the caller may have the messages. */
  readonly confirm: () => Promise<void>;
}

/** A page, and after how many milliseconds to poll again. */
export interface PolledPage {
  readonly page: MessagesPage;
  readonly afterMs: number;
}

/** An answer must come before the function is stopped. */
const maxReadMs = 10_000;
/** A poll that was held for long has less time left. */
const maxHeldReadMs = 2_000;
/** How long before the function is stopped a held poll is answered, whatever it waits for. */
const answerReserveMs = answerEarlyMs + 500;
/** How long before the function is stopped a poll is held no longer: it can then be read and answered. */
export const holdReserveMs = maxHeldReadMs + answerReserveMs;
/** How long a held poll does not look again if none of the new messages was asked for. Doubles with each such look. */
const firstPauseMs = 250;
const longestPauseMs = 2_000;
/** Then it is answered, so that a log that grows all the time is read by requests that are counted and authenticated. */
export const maxFruitlessLooks = 8;

/**
 * Polls, and holds the poll while there is no message. While it is held, nothing is read until fan-out tells that the log
 * of the application has grown. It is watched before the first read, so no message comes unnoticed in between.
 *
 * Beyond the share of its owner, a poll is answered at once. So is one whose log grows all the time without a message
 * that it asks for, after a few looks.
 */
export function createPollHolder(deps: HoldPollDeps): (poll: HoldablePoll) => Promise<PolledPage> {
  const takeHold = createHoldShares();
  return async (poll) => {
    const { behind, owner, read, until, waitMs } = poll;
    const { holding } = deps;
    if (!holding || waitMs === 0) return answeredAtOnce(await read(behind, maxReadMs), pollAfterMs.soon);
    // The next poll can be held, so it need not be late.
    const answered = (page: MessagesPage) => answeredAtOnce(page, pollAfterMs.atOnce);
    if (until <= deps.clock()) return answered(await read(behind, maxReadMs));
    const watch = holding.logNotices.watch(owner.applicationId);
    try {
      const page = await read(behind, maxReadMs);
      const displaced = new AbortController();
      const giveBack = isQuiet(page) ? takeHold(owner, () => displaced.abort()) : undefined;
      if (!giveBack) return answered(page);
      const end = AbortSignal.any([holding.endOfRequest(poll.requestId), displaced.signal]);
      try {
        return await holdPoll(deps, { poll, page, watch, end });
      } finally {
        giveBack();
      }
    } finally {
      watch.end();
    }
  };
}

interface HeldPoll {
  readonly poll: HoldablePoll;
  /** What was read before: nothing. */
  readonly page: MessagesPage;
  readonly watch: LogWatch;
  /** It ends earlier: its client has gone, the process stops, or another poll gets its place. */
  readonly end: AbortSignal;
}

async function holdPoll({ clock, sleep }: HoldPollDeps, { poll, page, watch, end }: HeldPoll): Promise<PolledPage> {
  const isOver = new AbortController();
  const over = AbortSignal.any([end, isOver.signal]);
  void sleep(longestHoldMs(poll, clock()), over).then(() => isOver.abort());
  try {
    let last = page;
    let pauseMs = firstPauseMs;
    for (let looks = 1; ; looks += 1) {
      await watch.grown(over);
      // Nothing is read at the end: the next poll does it.
      if (over.aborted) return { page: last, afterMs: end.aborted ? pollAfterMs.later : pollAfterMs.atOnce };
      const next = await inTime(look(poll, last.position), poll.remainingMs() - answerReserveMs, sleep);
      if (next === undefined) return { page: last, afterMs: pollAfterMs.later };
      if (!isQuiet(next)) return { page: next, afterMs: pollAfterMs.atOnce };
      if (looks === maxFruitlessLooks) return { page: next, afterMs: pollAfterMs.later };
      last = next;
      await sleep(pauseMs, over);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  } finally {
    isOver.abort();
  }
}

/** The clock can be set back in the meantime, and the function may have run for long already. */
const longestHoldMs = ({ until, waitMs, remainingMs }: HoldablePoll, now: Date): number =>
  Math.max(0, Math.min(until.getTime() - now.getTime(), waitMs, remainingMs() - holdReserveMs));

async function look({ read, confirm }: HoldablePoll, behind: LogPosition): Promise<MessagesPage> {
  const page = await read(behind, maxHeldReadMs);
  if (!isQuiet(page)) await confirm();
  return page;
}

/** Undefined: it takes longer than `ms`. Nothing is lost: the next poll reads the same, and has all the time for it. */
async function inTime<T>(work: Promise<T>, ms: number, sleep: HoldPollDeps['sleep']): Promise<T | undefined> {
  const isDone = new AbortController();
  try {
    return await Promise.race([work, sleep(Math.max(0, ms), isDone.signal).then(() => undefined)]);
  } finally {
    isDone.abort();
  }
}

/** Without any message, and none that was not looked at. */
const isQuiet = ({ texts, done }: MessagesPage): boolean => texts.length === 0 && done;

/** @param soonMs - after how many milliseconds to poll again while messages come */
function answeredAtOnce(page: MessagesPage, soonMs: number): PolledPage {
  if (!page.done) return { page, afterMs: pollAfterMs.atOnce };
  return { page, afterMs: page.texts.length > 0 ? soonMs : pollAfterMs.later };
}
