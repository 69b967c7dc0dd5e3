import type { MessageListQuery } from '@posthorn/contracts/api/message';
import type { MessageQuery, MessageRepository } from '@posthorn/core';
import { toListAnswer, toListText } from '../paging/list-answer.ts';
import { readTimeWindow } from '../paging/time-window.ts';
import { toMessageText } from './message-out.ts';

export interface ListMessagesDeps {
  readonly messages: Pick<MessageRepository, 'list'>;
}

/** Lists an application's messages, newest first, as JSON text. It has the bytes of the payloads as they were sent. */
export const createMessageLister =
  ({ messages }: ListMessagesDeps) =>
  async (applicationId: string, query: MessageListQuery, now: Date): Promise<string> => {
    const { channel, tag, event_types: eventTypes, with_content: withBody = true } = query;
    const filters: Pick<MessageQuery, 'channel' | 'tag' | 'eventTypes'> = {
      ...(channel === undefined ? {} : { channel }),
      ...(tag === undefined ? {} : { tag }),
      ...(eventTypes === undefined ? {} : { eventTypes }),
    };
    const window = readTimeWindow(query, 'message');
    const page = await messages.list(applicationId, { ...window, ...filters, withBody }, now);
    const answer = toListAnswer({
      direction: window.direction,
      page,
      idOf: ({ messageId }) => messageId,
      toRow: (message) => toMessageText(message, withBody),
    });
    return toListText(answer);
  };
