import { timeOfId } from '@posthorn/core';

/** Clocks of machines differ by less than this. */
const clockSkewMs = 3_600_000;

/** The time in which a message can have been attempted: from the time in its id until now. */
export const attemptsSince = (messageId: string, now: Date) => ({
  after: new Date(timeOfId(messageId).getTime() - clockSkewMs),
  before: new Date(now.getTime() + clockSkewMs),
});
