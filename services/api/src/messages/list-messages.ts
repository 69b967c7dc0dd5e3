import type { MessageListQuery } from '@posthorn/contracts/api/message';
import type { MessageQuery, MessageRepository } from '@posthorn/core';
import { toMessageText } from '../message/message-out.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readTimeWindow } from '../paging/time-window.ts';

export interface ListMessagesDeps {
  readonly messages: Pick<MessageRepository, 'list'>;
}

/** Lists an application's messages, newest first, as the JSON text of the answer: payloads stand in it as they were sent. */
export const createListMessages =
  ({ messages }: ListMessagesDeps) =>
  async (applicationId: string, query: MessageListQuery, now: Date): Promise<string> => {
    const { channel, tag, event_types: eventTypes, with_content: withBody = true, ...walk } = query;
    const filters: Pick<MessageQuery, 'channel' | 'tag' | 'eventTypes'> = {
      ...(channel === undefined ? {} : { channel }),
      ...(tag === undefined ? {} : { tag }),
      ...(eventTypes === undefined ? {} : { eventTypes }),
    };
    const window = readTimeWindow(walk, 'message');
    const page = await messages.list(applicationId, { ...window, ...filters, withBody }, now);
    const { data, ...rest } = toListAnswer({
      walk,
      direction: window.direction,
      page,
      idOf: ({ messageId }) => messageId,
      toRow: (message) => toMessageText(message, withBody),
    });
    return `{"data":[${data.join(',')}],${JSON.stringify(rest).slice(1)}`;
  };
