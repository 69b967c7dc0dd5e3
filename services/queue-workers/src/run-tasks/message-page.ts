import type { Clock, ListedMessage, MessageQuery, MessageRepository, TaskWindow } from '@posthorn/core';

const pageSize = 100;

export interface MessagePage {
  /** The oldest first. */
  readonly messages: readonly ListedMessage[];
  /** The last message that was looked at. */
  readonly cursor?: string;
  readonly done: boolean;
}

export interface ListMessagePageDeps {
  readonly listMessages: MessageRepository['list'];
  readonly clock: Clock;
}

/** The messages of a task's time behind the cursor, the oldest first. */
export async function listMessagePage(
  { listMessages, clock }: ListMessagePageDeps,
  { applicationId, work: { since, until } }: { readonly applicationId: string; readonly work: TaskWindow },
  cursor: string | undefined,
  filters: Pick<MessageQuery, 'channel' | 'eventTypes' | 'tag'> = {},
): Promise<MessagePage> {
  const query: MessageQuery = {
    ...filters,
    after: since,
    before: until,
    limit: pageSize,
    // The list has the newest first, so going back leads to later messages.
    direction: 'backward',
    ...(cursor !== undefined && { iterator: cursor }),
    withBody: false,
  };
  const { items, done, resumeAt } = await listMessages(applicationId, query, clock());
  const reached = resumeAt ?? items[0]?.messageId;
  return { messages: items.toReversed(), done, ...(reached !== undefined && { cursor: reached }) };
}
