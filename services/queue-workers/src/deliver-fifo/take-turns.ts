import type { BatchProgress, Clock } from '@posthorn/core';
import type { ReceivedJob } from '@posthorn/queues';

/** While others of its batch have ended, a group begins no more attempts after this time. */
const sharedMs = 2_000;

/** The time of a group in a batch that it shares with others. */
export interface Turn {
  /** Whether there is time for one more attempt. */
  readonly hasTime: () => boolean;
  /** An attempt begins. */
  readonly begin: () => void;
}

/**
 * Gives each group of a batch its time. Messages that come to a group meanwhile may have to wait for the whole batch. So
 * once a group has ended, the others begin no more attempts after two seconds: the batch ends after one exchange more. A
 * group may always make one attempt, so that a batch never ends without progress. One that is alone has all the time.
 *
 * @param hasTime - whether the invocation has time for one more attempt
 */
export function createTakeTurns(clock: Clock, hasTime: () => boolean) {
  const until = clock().getTime() + sharedMs;
  const turns = new Map<string, Turn>();
  return ({ id, group = id }: Pick<ReceivedJob, 'id' | 'group'>, { endedGroups }: BatchProgress): Turn => {
    let hasBegun = false;
    const mustEnd = () => hasBegun && endedGroups() > 0 && clock().getTime() >= until;
    const turn = turns.get(group) ?? {
      hasTime: () => hasTime() && !mustEnd(),
      begin: () => {
        hasBegun = true;
      },
    };
    turns.set(group, turn);
    return turn;
  };
}
