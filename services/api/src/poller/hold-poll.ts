import { pollAfterMs } from '@posthorn/contracts/api/poller';
import type { LogNotices, LogPosition, LogWatch } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
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
  /** Until when it may be held. */
  readonly until: Date;
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
export const maxHeldReadMs = 2_000;
/** How long a held poll does not look again if none of the new messages was asked for: others are written all the time. */
const pauseMs = pollAfterMs.soon;

/**
 * Polls, and holds the poll while there is no message. While it is held, nothing is read until fan-out tells that the log
 * of the application has grown. It is watched before the first read, so no message comes unnoticed in between.
 *
 * Beyond the share of its owner, a poll is answered at once.
 */
export function createPollHolder(deps: HoldPollDeps): (poll: HoldablePoll) => Promise<PolledPage> {
  const takeHold = createHoldShares();
  return async (poll) => {
    const { behind, owner, read, until } = poll;
    const { holding } = deps;
    if (!holding || until <= deps.clock()) return answeredAtOnce(await read(behind, maxReadMs));
    const watch = holding.logNotices.watch(owner.applicationId);
    try {
      const page = await read(behind, maxReadMs);
      const giveBack = isQuiet(page) ? takeHold(owner) : undefined;
      if (!giveBack) return answeredAtOnce(page);
      try {
        return await holdPoll(deps, { poll, page, watch, end: holding.endOfRequest(poll.requestId) });
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
  readonly end: AbortSignal;
}

async function holdPoll({ clock, sleep }: HoldPollDeps, { poll, page, watch, end }: HeldPoll): Promise<PolledPage> {
  const isOver = new AbortController();
  const over = AbortSignal.any([end, isOver.signal]);
  void sleep(poll.until.getTime() - clock().getTime(), over).then(() => isOver.abort());
  try {
    let last = page;
    while (isQuiet(last)) {
      await watch.grown(over);
      // Nothing is read at the end: the next poll does it.
      if (over.aborted) return { page: last, afterMs: end.aborted ? pollAfterMs.later : pollAfterMs.atOnce };
      last = await poll.read(last.position, maxHeldReadMs);
      if (isQuiet(last)) await sleep(pauseMs, over);
    }
    await poll.confirm();
    return { page: last, afterMs: pollAfterMs.atOnce };
  } finally {
    isOver.abort();
  }
}

/** Without any message, and none that was not looked at. */
const isQuiet = ({ texts, done }: MessagesPage): boolean => texts.length === 0 && done;

function answeredAtOnce(page: MessagesPage): PolledPage {
  if (!page.done) return { page, afterMs: pollAfterMs.atOnce };
  return { page, afterMs: page.texts.length > 0 ? pollAfterMs.soon : pollAfterMs.later };
}
