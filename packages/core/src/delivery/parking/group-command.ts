import { hash } from 'node:crypto';
import type { GroupOwner } from './parked-group-repository.ts';

/**
 * What someone asks of a group that waits or is blocked. It is about this head at this attempt: if the group has gone on
 * since, it does nothing.
 */
export interface GroupCommand extends GroupOwner {
  /** `skip`: the group goes on without its head. `attempt`: the head's next attempt is made now. */
  readonly action: 'skip' | 'attempt';
  readonly head: string;
  readonly attempt: number;
  readonly requestedAt: Date;
}

/** The same for every copy of a command, so that the FIFO queue takes it once. Its characters are those that SQS allows. */
export const commandIdOf = ({ group, action, head, attempt, requestedAt }: GroupCommand): string =>
  `${action}_${hash('sha256', `${group} ${head} ${attempt} ${requestedAt.toISOString()}`, 'hex').slice(0, 32)}`;

/**
 * Asks the groups of an endpoint for an attempt of their heads, page by page: the endpoint was enabled, or was deleted and
 * its deliveries are to end.
 */
export interface GroupsSweep extends Omit<GroupOwner, 'group'> {
  readonly requestedAt: Date;
  /**
   * The endpoint was deleted: its groups are gone through once more afterwards. A worker that read the endpoint before can
   * still block a group behind the sweep.
   */
  readonly looksAgain?: true;
  /** The last group of the page before. */
  readonly after?: string;
}

/** Stores commands. The fan-out trigger reads its inserts. */
export interface GroupCommandRepository {
  /** Durable when it returns. Repeating it changes nothing. */
  insertCommand(command: GroupCommand): Promise<void>;
}
