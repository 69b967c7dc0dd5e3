import type {
  ListedMessage,
  Message,
  MessageContentRepository,
  MessageRepository,
  ReadPolledMessages,
} from '@posthorn/core';
import { ids, nthId, nthMessageId, secondsLater } from '../builders/ids.ts';
import { aMessage } from '../builders/message.ts';

interface Stores {
  readonly read: ReadPolledMessages;
  readonly messages: Pick<MessageRepository, 'insert' | 'relay'> & MessageContentRepository;
}

/** What every reader of messages for polls promises. Each test gets an empty store. */
export function describePolledMessages(name: string, create: () => Promise<Stores>): void {
  describe(`messages of a poll ${name}`, () => {
    it('are read in the order of their ids, with all fields and the bytes of their bodies', async () => {
      const { read, messages } = await create();
      const [plain, ordered, large] = [
        aMessage({ messageId: nthMessageId(1, 'sharded'), body: '{"n":12345678901234567890,"é":"\\u00e9"}' }),
        aMessage({
          messageId: nthMessageId(2, 'ordered'),
          channels: ['eu'],
          tags: ['a'],
          eventId: 'e',
          deliverAt: secondsLater(9),
        }),
        aMessage({ messageId: nthMessageId(3, 'ordered'), body: JSON.stringify({ a: randomText(900_000) }) }),
      ];
      for (const message of [plain, ordered, large]) await messages.insert(message);
      await messages.relay(plain);
      const asked = [large, plain, ordered].map(({ messageId }) => messageId);
      const request = { applicationId: ids.application, messageIds: asked, wants: () => true, now: secondsLater(10) };
      const { found } = await read(request);
      expect(found).toEqual([large, plain, ordered].map((message) => ({ kind: 'message', message })));
      expect((await read({ ...request, applicationId: nthId('application', 1) })).found).toEqual([]);
    });

    it('are left out if they are not stored, have expired or were expunged', async () => {
      const { read, messages } = await create();
      const [kept, expired, expunged] = [1, 2, 3].map((n) => nthMessageId(n, 'ordered')) as [string, string, string];
      await messages.insert(aMessage({ messageId: kept }));
      await messages.insert(aMessage({ messageId: expired, expiresAt: secondsLater(5) }));
      await messages.insert(aMessage({ messageId: expunged }));
      await messages.expunge(ids.application, expunged, secondsLater(4));
      const asked = [nthMessageId(4, 'ordered'), expired, kept, expunged];
      const request = { applicationId: ids.application, messageIds: asked, wants: () => true, now: secondsLater(5) };
      expect((await read(request)).found).toMatchObject([{ kind: 'message', message: { messageId: kept } }]);
    });

    it('are left out if they are not wanted, and count as read', async () => {
      const { read, messages } = await create();
      const body = JSON.stringify({ a: randomText(200_000) });
      const [wanted, other] = ['a', 'b'].map((eventType, n) =>
        aMessage({ messageId: nthMessageId(n, 'ordered'), eventType, body }),
      ) as [Message, Message];
      for (const message of [wanted, other]) await messages.insert(message);
      const messageIds = [wanted, other].map(({ messageId }) => messageId);
      const wants = ({ eventType }: ListedMessage) => eventType === 'a';
      const { found, readBytes } = await read({
        applicationId: ids.application,
        messageIds,
        wants,
        now: secondsLater(5),
      });
      expect(found).toEqual([{ kind: 'message', message: wanted }]);
      // Bodies are stored deflated, to about half of their length.
      expect(readBytes).toBeGreaterThan(150_000);
    });
  });
}

/** Hardly gets shorter when it is deflated. */
const randomText = (length: number): string =>
  Array.from({ length: length / 10 }, (_, n) => String(Math.imul(n + 1, 2_654_435_761) >>> 0).padStart(10, '0')).join(
    '',
  );
