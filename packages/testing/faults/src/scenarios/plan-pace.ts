/** How fast messages are posted in a scenario, and how long that takes. */
export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
  /** How long it may take afterwards until everything has been delivered, in milliseconds. */
  readonly settleMs: number;
}

export interface PaceWanted {
  readonly messages: number;
  /** The rate for few messages. */
  readonly perSecond: number;
  readonly settleMs: number;
}

/** Many messages are posted in this time, if the system can take so many. */
const longestSeconds = 500;
/** One machine with two cores takes this many, each with its deliveries, while things fail. */
const mostPerSecond = 40;
/** What is left at the end grows with the run. */
const settleMsEach = 6;

/** Plans the rate for a number of messages: the more there are, the faster they are posted, up to a limit. */
export function planPace({ messages, perSecond: least, settleMs }: PaceWanted): Pace {
  const wanted = Math.min(messages / longestSeconds, mostPerSecond);
  const perSecond = Math.max(least, Math.ceil(wanted));
  return { perSecond, seconds: messages / perSecond, settleMs: settleMs + messages * settleMsEach };
}

/** How often something that takes so many seconds can happen while messages are posted: at least once. */
export const roundsIn = ({ seconds }: Pick<Pace, 'seconds'>, eachSeconds: number): number =>
  Math.max(1, Math.floor(seconds / eachSeconds));
