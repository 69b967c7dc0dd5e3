import type { Drain, GroupJob } from './group-run.ts';
import type { ParkedGroup } from './parked-group.ts';

type Command = Extract<GroupJob, { kind: 'command' }>;

/**
 * Whether a command still concerns its head. An accepted head leaves also if someone has asked for it meanwhile: that can be
 * this command's own change, whose worker died.
 */
export function mayAct({ action, attempt }: Command, group: ParkedGroup): boolean {
  const { state, reason } = group;
  switch (action) {
    case 'skip':
      return true;
    case 'attempt':
      return group.attempt === attempt;
    case 'leave':
      return state === 'blocked' || reason === 'resumed';
    case 'give-up':
      return state === 'blocked' && (reason === 'exhausted' || reason === 'message-expired');
  }
}

/** What a worker does with the head of a group that it drains because of a command. */
export function askedOf(
  { action }: Command,
  { head, attempt, reason, detail }: ParkedGroup,
): Pick<Drain, 'skip' | 'attemptNow' | 'leave' | 'giveUp'> {
  switch (action) {
    case 'skip':
      return { skip: { head, ...(detail !== undefined && { unusable: detail }) } };
    case 'attempt':
      return { attemptNow: { head, attempt } };
    case 'leave':
      return { leave: head };
    case 'give-up':
      return { giveUp: { head, why: reason === 'message-expired' ? reason : 'exhausted' } };
  }
}
