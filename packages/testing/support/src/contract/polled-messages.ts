import type { MessageContentRepository, MessageRepository, ReadPolledMessages } from '@posthorn/core';
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
      const found = await read(ids.application, asked, secondsLater(10));
      expect(found).toEqual([large, plain, ordered].map((message) => ({ kind: 'message', message })));
      expect(await read(nthId('application', 1), asked, secondsLater(10))).toEqual([]);
    });

    it('are left out if they are not stored, have expired or were expunged', async () => {
      const { read, messages } = await create();
      const [kept, expired, expunged] = [1, 2, 3].map((n) => nthMessageId(n, 'ordered')) as [string, string, string];
      await messages.insert(aMessage({ messageId: kept }));
      await messages.insert(aMessage({ messageId: expired, expiresAt: secondsLater(5) }));
      await messages.insert(aMessage({ messageId: expunged }));
      await messages.expunge(ids.application, expunged, secondsLater(4));
      const asked = [nthMessageId(4, 'ordered'), expired, kept, expunged];
      const found = await read(ids.application, asked, secondsLater(5));
      expect(found).toMatchObject([{ kind: 'message', message: { messageId: kept } }]);
    });
  });
}

/** Hardly gets shorter when it is deflated. */
const randomText = (length: number): string =>
  Array.from({ length: length / 10 }, (_, n) => String(Math.imul(n + 1, 2_654_435_761) >>> 0).padStart(10, '0')).join(
    '',
  );
