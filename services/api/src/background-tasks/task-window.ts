import type { WindowIn } from '@posthorn/contracts/api/background-task';
import { DomainError, type TaskWindow } from '@posthorn/core';

/**
 * The time of the messages that a task looks at. It ends now at the latest: what is accepted later is not its concern.
 *
 * @throws DomainError `invalid_range` if it would be empty
 */
export function readTaskWindow({ since, until }: WindowIn, now: Date): TaskWindow {
  const end = until && until < now ? until : now;
  if (since >= end) throw new DomainError('invalid_range', 'since must be before until, and in the past');
  return { since, until: end };
}
