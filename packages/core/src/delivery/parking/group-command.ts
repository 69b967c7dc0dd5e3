import { hash } from 'node:crypto';
import type { GroupOwner } from './parked-group-repository.ts';

/**
 * - `skip`: the group goes on without its head.
 * - `attempt`: the head's next attempt is made now.
 * - `leave`: the head was accepted beside its group, so a group that it blocks goes on.
 * - `give-up`: exhausted heads no longer block their groups, so a group that one blocks goes on without it.
 */
export const groupActions = ['skip', 'attempt', 'leave', 'give-up'] as const;
export type GroupAction = (typeof groupActions)[number];

/**
 * What someone asks of a group that waits or is blocked. It is about this head at this attempt: if the group has gone on
 * since, it does nothing.
 */
export interface GroupCommand extends GroupOwner {
  readonly action: GroupAction;
  readonly head: string;
  readonly attempt: number;
  readonly requestedAt: Date;
}

/** The same for every copy of a command, so that the FIFO queue takes it once. Its characters are those that SQS allows. */
export const commandIdOf = ({ group, action, head, attempt, requestedAt }: GroupCommand): string =>
  `${action}_${hash('sha256', `${group} ${head} ${attempt} ${requestedAt.toISOString()}`, 'hex').slice(0, 32)}`;

/**
 * Goes through the groups of an endpoint, page by page. Each head is attempted: the endpoint was enabled, or was deleted and
 * its deliveries are to end.
 */
export interface GroupsSweep extends Omit<GroupOwner, 'group'> {
  readonly requestedAt: Date;
  /** Only groups that are blocked go on: the endpoint's policy was changed, and exhausted heads no longer block. */
  readonly endsBlocks?: true;
  /**
   * The groups are gone through once more afterwards: the endpoint was deleted, or its policy changed. A worker that read the
   * endpoint before can still block a group behind the sweep.
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
