import { type LogEntry, type MessageLogRepository, PassingError, startOfLog } from '@posthorn/core';
import { toMessageRow, toRelayRow, toResendRow } from '@posthorn/models/messages/message-row';
import { decodeMessageRecords } from '@posthorn/models/stream-records';
import {
  aMessage,
  anEndpoint,
  aResend,
  ids,
  inMemoryMessageLog,
  nthId,
  nthMessageId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, anInsert, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createFanOut, type FanOutDeps } from './fan-out.ts';

const other = nthId('application', 1);
const idOf = (n: number) => nthMessageId(n, 'ordered');
const entry = (n: number): LogEntry => ({ sequence: String(n), messageId: idOf(n) });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => entry(from + n));
const record = (n: number, applicationId: string = ids.application) => {
  const message = aMessage({ messageId: idOf(n), applicationId });
  return anInsert('messages', { ...toMessageRow(message), body: message.body }, n);
};
const batch = (from: number, to: number) => anEvent(...range(from, to).map((_, n) => record(from + n)));

interface World {
  /** Messages that the queue does not accept now. */
  readonly refused?: ReadonlySet<string>;
  readonly polled?: readonly string[];
  readonly append?: MessageLogRepository['append'];
}

/** Fan-out of applications with an endpoint each. */
function aTrigger({ refused = new Set(), polled = [ids.application], append }: World = {}) {
  const world = aSetAsideWorld();
  const messageLog = inMemoryMessageLog();
  const told: string[] = [];
  const accept: FanOutDeps['queue']['sendStandard'] = async (entries) =>
    entries
      .filter(({ delivery }) => refused.has(delivery.messageId))
      .map((unsent) => ({ ...unsent, error: new PassingError('the queue did not accept the entry') }));
  const deps: FanOutDeps = {
    ...world,
    readApplication: async (applicationId) => ({
      endpoints: [anEndpoint({ applicationId })],
      isPolled: polled.includes(applicationId),
    }),
    findMessage: async () => undefined,
    messageLog: append ? { append } : messageLog,
    logNotices: { tell: (applicationId) => void told.push(applicationId) },
    logDays: 90,
    queue: { sendStandard: accept, sendSlow: accept, sendFifo: async () => [], sendCommands: async () => [] },
    clock: () => startOfTests,
  };
  const read = async (applicationId: string = ids.application) =>
    (await messageLog.read(applicationId, { behind: startOfLog, limit: 1_000 })).entries;
  return { ...world, messageLog, told, read, handle: createStreamHandler(decodeMessageRecords, createFanOut(deps)) };
}

describe('the message log', () => {
  it('gets the messages of a batch in one row, in the order in which they were committed', async () => {
    const { handle, messageLog } = aTrigger();
    // The ids do not sort like the commits: the writer of the first message was slow.
    const records = [9, 3, 7].map((n, index) => {
      const message = aMessage({ messageId: idOf(n) });
      return anInsert('messages', { ...toMessageRow(message), body: message.body }, index + 1);
    });
    expect(await handle(anEvent(...records))).toEqual(done);
    const entries = [9, 3, 7].map((n, index) => ({ sequence: String(index + 1), messageId: idOf(n) }));
    const expiresAt = secondsLater(90 * 24 * 3_600);
    expect(messageLog.batches(ids.application)).toEqual([{ entries, committedAt: startOfTests, expiresAt }]);
  });

  it('is written for applications that are polled only', async () => {
    const { handle, messageLog, read } = aTrigger({ polled: [other] });
    await handle(anEvent(record(1), record(2, other), record(3)));
    expect(messageLog.batches(ids.application)).toEqual([]);
    expect(await read(other)).toEqual([entry(2)]);
  });

  it('tells those who wait when it is written, and only then', async () => {
    const appended: string[] = [];
    const append: MessageLogRepository['append'] = async (applicationId) => {
      appended.push(`${applicationId} after ${told.length}`);
    };
    const { handle, told } = aTrigger({ polled: [other], append });
    await handle(anEvent(record(1), record(2, other), record(3, other)));
    expect([appended, told]).toEqual([[`${other} after 0`], [other]]);
  });

  it('tells those who wait if the write failed: it may have been made', async () => {
    const append = async () => Promise.reject(new PassingError('no answer'));
    const { handle, told } = aTrigger({ append });
    expect(await handle(batch(1, 2))).toEqual(againFrom(1));
    expect(told).toEqual([ids.application]);
  });

  it('has relays in the place of messages with sharded placement, and nothing else', async () => {
    const { handle, read } = aTrigger();
    const sharded = aMessage({ messageId: nthMessageId(1, 'sharded') });
    const rows = [{ ...toMessageRow(sharded), body: sharded.body }, toRelayRow(sharded), toResendRow(aResend())];
    await handle(anEvent(...rows.map((row, n) => anInsert('messages', row, n + 1))));
    expect(await read()).toEqual([{ sequence: '2', messageId: sharded.messageId }]);
  });

  it.each(['message', 'relay'] as const)(
    'has no %s whose key is no message id, and goes on behind it',
    async (kind) => {
      const { handle, read } = aTrigger();
      const stored = aMessage({ messageId: idOf(2) });
      const row = kind === 'relay' ? toRelayRow(stored) : { ...toMessageRow(stored), body: stored.body };
      const wrong = ['copy of 2', '~', `${idOf(2)} `, idOf(2).slice(0, -1)].map((key, n) =>
        anInsert('messages', { ...row, row: key }, n + 2),
      );
      expect(await handle(anEvent(record(1), ...wrong, record(9)))).toEqual(done);
      expect(await read()).toEqual([entry(1), entry(9)]);
    },
  );

  it('ends before the record from which the batch is run again, and goes on there', async () => {
    const refused = new Set([idOf(3)]);
    const { handle, messageLog, read } = aTrigger({ refused });
    expect(await handle(batch(1, 5))).toEqual(againFrom(3));
    expect(await read()).toEqual(range(1, 2));
    refused.clear();
    // The next batch begins at the record that failed, and may be shorter than the rest of this one.
    expect(await handle(batch(3, 4))).toEqual(done);
    expect(await handle(batch(5, 9))).toEqual(done);
    expect(await read()).toEqual(range(1, 9));
    expect(messageLog.batches(ids.application)).toHaveLength(3);
  });

  it('gets nothing of a batch whose first record is run again', async () => {
    const { handle, messageLog } = aTrigger({ refused: new Set([idOf(1)]) });
    expect(await handle(batch(1, 5))).toEqual(againFrom(1));
    expect(messageLog.batches(ids.application)).toEqual([]);
  });

  it('is written before the batch is done: otherwise all of the batch is run again', async () => {
    let isAway = true;
    const log = inMemoryMessageLog();
    const append: MessageLogRepository['append'] = async (applicationId, appended) => {
      if (isAway && applicationId === other) throw new PassingError('the table is away');
      await log.append(applicationId, appended);
    };
    const { handle, lines } = aTrigger({ polled: [ids.application, other], append });
    const event = anEvent(record(1), record(2), record(3, other), record(4));
    expect(await handle(event)).toEqual(againFrom(1));
    expect(lines).toEqual(['error stream.record_failed']);
    isAway = false;
    expect(await handle(anEvent(record(1), record(2)))).toEqual(done);
    expect(await handle(anEvent(record(3, other), record(4)))).toEqual(done);
    const read = async (applicationId: string) =>
      (await log.read(applicationId, { behind: startOfLog, limit: 10 })).entries;
    expect(await read(ids.application)).toEqual([entry(1), entry(2), entry(4)]);
    expect(await read(other)).toEqual([entry(3)]);
  });

  it('runs the whole batch again too if a later record failed before', async () => {
    const append = () => Promise.reject(new PassingError('the table is away'));
    const { handle } = aTrigger({ refused: new Set([idOf(4)]), append });
    expect(await handle(batch(1, 5))).toEqual(againFrom(1));
  });

  it('does not hold back fan-out if it can never be written: the records are set aside', async () => {
    const append = () => Promise.reject(new RangeError('always'));
    const { handle, records } = aTrigger({ append });
    expect(await handle(batch(1, 2))).toEqual(done);
    expect(records.map(({ place }) => place.sequenceNumber)).toEqual(['1', '2']);
  });
});
