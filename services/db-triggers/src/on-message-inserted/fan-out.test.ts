import {
  type Delivery,
  type GroupCommand,
  type Message,
  operationalApplicationIdOf,
  ownOrderingKey,
  PassingError,
  UnusableData,
} from '@posthorn/core';
import { toCommandRow, toMessageRow, toRelayRow, toResendRow } from '@posthorn/models/messages/message-row';
import { decodeMessageRecords } from '@posthorn/models/stream-records';
import type { FifoEntry, StandardEntry } from '@posthorn/queues';
import {
  aMessage,
  anEndpoint,
  aResend,
  ids,
  inMemoryEndpoints,
  inMemoryMessageLog,
  inMemoryMessages,
  nthId,
  nthMessageId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, anInsert, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createFanOut, type FanOutDeps } from './fan-out.ts';

/** A queue that keeps every delivery, except those of some messages, which it does not accept. */
function aQueue(refused: readonly string[] = []) {
  const standard: StandardEntry[] = [];
  const slow: StandardEntry[] = [];
  const fifo: FifoEntry[] = [];
  const commands: GroupCommand[] = [];
  const take = <Entry extends { readonly delivery: Delivery }>(into: Entry[], entries: readonly Entry[]) => {
    into.push(...entries.filter(({ delivery }) => !refused.includes(delivery.messageId)));
    const unsent = entries.filter(({ delivery }) => refused.includes(delivery.messageId));
    return unsent.map((entry) => ({ ...entry, error: new PassingError('the queue did not accept the entry') }));
  };
  const queue: FanOutDeps['queue'] = {
    sendStandard: async (entries) => take(standard, entries),
    sendSlow: async (entries) => take(slow, entries),
    sendFifo: async (entries) => take(fifo, entries),
    sendCommands: async (entries) => {
      const isRefused = ({ command }: { readonly command: GroupCommand }) => refused.includes(command.head);
      commands.push(...entries.filter((entry) => !isRefused(entry)).map(({ command }) => command));
      const error = new PassingError('the queue did not accept the entry');
      return entries.filter(isRefused).map((entry) => ({ ...entry, error }));
    },
  };
  return { queue, standard, slow, fifo, commands };
}

const destination = anEndpoint({ endpointId: nthId('endpoint', 1), order: { by: '$.invoice', onExhausted: 'block' } });

/** The function over an application with an endpoint and a destination. */
async function aTrigger(overrides: Partial<FanOutDeps> = {}) {
  const endpoints = inMemoryEndpoints();
  await endpoints.insert(anEndpoint());
  await endpoints.insert(destination);
  const messages = inMemoryMessages();
  const sent = aQueue();
  const world = aSetAsideWorld();
  const deps: FanOutDeps = {
    ...world,
    readApplication: async (applicationId) => ({
      endpoints: await endpoints.listForFanOut(applicationId),
      isPolled: false,
    }),
    messageLog: inMemoryMessageLog(),
    logDays: 90,
    findMessage: messages.find,
    queue: sent.queue,
    clock: () => startOfTests,
    ...overrides,
  };
  return {
    ...world,
    ...sent,
    endpoints,
    messages,
    handle: createStreamHandler(decodeMessageRecords, createFanOut(deps)),
  };
}

const rowOf = (message: Message) => ({ ...toMessageRow(message), body: message.body });
const nthMessage = (n: number, placement: 'ordered' | 'sharded' = 'sharded') =>
  aMessage({ messageId: nthMessageId(n, placement) });
const nthRecord = (n: number, placement: 'ordered' | 'sharded' = 'sharded') =>
  anInsert('messages', rowOf(nthMessage(n, placement)), n);
const messagesOf = (entries: readonly { readonly delivery: Delivery }[]) =>
  entries.map((entry) => entry.delivery.messageId);
const nthIds = (...numbers: readonly number[]) => numbers.map((n) => nthMessage(n).messageId);
const outage = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

describe('on-message-inserted', () => {
  it('queues a message for the endpoints with matching filters', async () => {
    const { handle, standard, fifo, lines, counts } = await aTrigger();
    expect(await handle(anEvent(nthRecord(1)))).toEqual(done);
    expect(standard.map(({ delivery }) => delivery.endpointId)).toEqual([ids.endpoint]);
    expect([fifo, lines, Object.fromEntries(counts)]).toEqual([[], [], { DeliveriesQueued: 1, MessagesFannedOut: 1 }]);
  });

  it('queues operational messages, and counts none of them', async () => {
    const { handle, standard, counts, endpoints } = await aTrigger();
    const applicationId = operationalApplicationIdOf(ids.organisation);
    await endpoints.insert(anEndpoint({ applicationId, endpointId: nthId('endpoint', 2) }));
    const message = { ...nthMessage(9), applicationId };
    expect(await handle(anEvent(anInsert('messages', rowOf(message), 1)))).toEqual(done);
    expect(standard).toHaveLength(1);
    expect(Object.fromEntries(counts)).toEqual({ DeliveriesQueued: 0 });
  });

  it('queues a message that is in order for the destination too, by its ordering key', async () => {
    const { handle, standard, fifo } = await aTrigger();
    const [one, other] = [nthMessage(1, 'ordered'), { ...nthMessage(2, 'ordered'), body: '{"invoice":43}' }];
    await handle(anEvent(anInsert('messages', rowOf(one), 1), anInsert('messages', rowOf(other), 2)));
    expect(standard).toHaveLength(2);
    expect(messagesOf(fifo)).toEqual([one.messageId, other.messageId]);
    expect(new Set(fifo.map(({ group }) => group)).size).toBe(2);
  });

  it('lets a scheduled message wait on the queue for its time', async () => {
    const { handle, standard } = await aTrigger();
    const deliverAt = secondsLater(60);
    await handle(anEvent(anInsert('messages', rowOf({ ...nthMessage(1), deliverAt }), 1)));
    expect(standard).toMatchObject([{ delivery: { scheduledAt: deliverAt, notBefore: deliverAt }, delaySeconds: 60 }]);
  });

  it('reads the body of a message that is stored apart, for its group', async () => {
    const { handle, messages, fifo } = await aTrigger();
    const message = nthMessage(1, 'ordered');
    await messages.insert(message);
    const apart = anInsert('messages', { ...toMessageRow(message), chunks: 1, digest: 'x', deflated: false }, 1);
    await handle(anEvent(apart, nthRecord(2, 'ordered')));
    expect(fifo).toHaveLength(2);
    expect(new Set(fifo.map(({ group }) => group)).size).toBe(1);
  });

  it('reads no body where no group is needed', async () => {
    const { handle, standard } = await aTrigger({ findMessage: () => Promise.reject(new Error('asked')) });
    const apart = anInsert('messages', { ...toMessageRow(nthMessage(1)), chunks: 1, digest: 'x', deflated: false }, 1);
    expect(await handle(anEvent(apart))).toEqual(done);
    expect(standard).toHaveLength(1);
  });

  it('groups messages by their own ordering key for a destination that asks for it', async () => {
    const { handle, fifo, endpoints, messages } = await aTrigger();
    const order = { by: ownOrderingKey, onExhausted: 'block' } as const;
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 2), order }));
    const keyed = (n: number, orderingKey: string) => ({ ...nthMessage(n, 'ordered'), orderingKey });
    const relayed = aMessage({ messageId: nthMessageId(3, 'sharded'), orderingKey: 'a' });
    await messages.insert(relayed);
    const rows = [rowOf(keyed(1, 'a')), rowOf(keyed(2, 'b')), toRelayRow(relayed)];
    expect(await handle(anEvent(...rows.map((row, n) => anInsert('messages', row, n))))).toEqual(done);
    const own = fifo.filter(({ delivery }) => delivery.endpointId === nthId('endpoint', 2));
    const [first, second, third] = own.map(({ group }) => group);
    expect([first === third, first === second, own.length]).toEqual([true, false, 3]);
  });

  it('queues a relayed message only for the destination', async () => {
    const { handle, messages, standard, fifo } = await aTrigger();
    await messages.insert(nthMessage(1));
    await handle(anEvent(anInsert('messages', toRelayRow(nthMessage(1)), 1)));
    expect([standard.length, fifo.length]).toEqual([0, 1]);
  });

  it('sends a command to its group, and runs its record again if the queue does not accept it', async () => {
    const command: GroupCommand = {
      organisationId: ids.organisation,
      applicationId: ids.application,
      endpointId: ids.endpoint,
      group: `${ids.endpoint}_a`,
      action: 'skip',
      head: ids.message,
      attempt: 3,
      requestedAt: startOfTests,
    };
    const event = anEvent(nthRecord(1), anInsert('messages', toCommandRow(command), 2));
    const { handle, commands, standard } = await aTrigger();
    expect(await handle(event)).toEqual(done);
    expect(commands).toEqual([command]);
    expect(standard).toHaveLength(1);
    const refusing = await aTrigger({ queue: aQueue([ids.message]).queue });
    expect(await refusing.handle(event)).toEqual(againFrom(2));
  });

  it('queues a resend as a single manual attempt under its own id', async () => {
    const { handle, standard } = await aTrigger();
    await handle(anEvent(anInsert('messages', toResendRow(aResend()), 1)));
    const manual = expect.objectContaining({ trigger: 'manual', attemptId: ids.attempt, attemptNumber: 1 });
    expect(standard).toEqual([{ delivery: manual }]);
  });

  it('ignores chunks of bodies, updates and removals', async () => {
    const { handle, standard, fifo, lines } = await aTrigger();
    const { dynamodb } = nthRecord(1);
    const part = anInsert('messages', { partition: 'app#chunks#msg', row: 'x#000', kind: 'chunk' }, 3);
    const removed = {
      ...nthRecord(1),
      eventName: 'REMOVE' as const,
      dynamodb: { ...dynamodb, OldImage: dynamodb?.NewImage },
    };
    expect(await handle(anEvent(part, removed))).toEqual(done);
    expect([standard, fifo, lines]).toEqual([[], [], []]);
  });

  it('plans the same again for a batch that comes again', async () => {
    const { handle, standard } = await aTrigger();
    await handle(anEvent(nthRecord(1)));
    await handle(anEvent(nthRecord(1)));
    expect(standard[1]).toEqual(standard[0]);
  });

  it('reads the endpoints of an application once per batch', async () => {
    let reads = 0;
    const readApplication = async () => {
      reads += 1;
      return { endpoints: [anEndpoint()], isPolled: true };
    };
    const { handle } = await aTrigger({ readApplication });
    await handle(anEvent(...Array.from({ length: 60 }, (_, n) => nthRecord(n + 1))));
    expect(reads).toBe(1);
  });
});

describe('on-message-inserted, during an outage', () => {
  it('runs again from the first record with a delivery that no queue accepted', async () => {
    const { queue } = aQueue(nthIds(2, 3));
    const { handle, records, lines, fieldsOf, counts } = await aTrigger({ queue });
    expect(await handle(anEvent(...[1, 2, 3, 4].map((n) => nthRecord(n))))).toEqual(againFrom(2));
    expect([records, lines]).toEqual([[], ['error stream.record_failed']]);
    const error = new PassingError('the queue did not accept the entry');
    expect(fieldsOf('stream.record_failed')).toMatchObject({ sequenceNumber: '2', error });
    expect(counts.get('DeliveriesQueued')).toBe(2);
  });

  it('does not give up, however often the queue cannot be reached', async () => {
    const kept = aQueue();
    let tries = 0;
    const unreachable = <Send>(send: Send) => (tries < 200 ? () => Promise.reject(outage()) : send);
    const queue: FanOutDeps['queue'] = {
      sendStandard: (entries) => unreachable(kept.queue.sendStandard)(entries),
      sendSlow: (entries) => unreachable(kept.queue.sendSlow)(entries),
      sendFifo: (entries) => unreachable(kept.queue.sendFifo)(entries),
      sendCommands: (entries) => unreachable(kept.queue.sendCommands)(entries),
    };
    const { handle, records, deliveries } = await aTrigger({ queue });
    const event = anEvent(nthRecord(1, 'ordered'), nthRecord(2, 'ordered'));
    for (; tries < 200; tries += 1) expect(await handle(event)).toEqual(againFrom(1));
    expect(await handle(event)).toEqual(done);
    expect([kept.standard.length, kept.fifo.length, records, deliveries]).toEqual([2, 2, [], []]);
  });

  it('sends nothing behind a record that cannot be planned yet', async () => {
    const { handle, standard } = await aTrigger({ findMessage: () => Promise.reject(outage()) });
    const relay = anInsert('messages', toRelayRow(nthMessage(2)), 2);
    expect(await handle(anEvent(nthRecord(1), relay, nthRecord(3)))).toEqual(againFrom(2));
    expect(messagesOf(standard)).toEqual(nthIds(1));
  });

  it('sends nothing to a destination before a body that cannot be read yet', async () => {
    const { handle, standard, fifo } = await aTrigger({ findMessage: () => Promise.reject(outage()) });
    const message = nthMessage(1, 'ordered');
    const apart = anInsert('messages', { ...toMessageRow(message), chunks: 1, digest: 'x', deflated: false }, 1);
    expect(await handle(anEvent(apart, nthRecord(2, 'ordered')))).toEqual(againFrom(1));
    expect([standard, fifo]).toEqual([[], []]);
  });

  it('plans no more than the records near the one that must wait', async () => {
    const asked: number[] = [];
    const { handle } = await aTrigger({
      readApplication: async (applicationId) => {
        asked.push(Number(applicationId.at(-1)));
        throw outage();
      },
    });
    const records = Array.from({ length: 60 }, (_, n) =>
      anInsert('messages', rowOf({ ...nthMessage(n + 1), applicationId: nthId('application', n) }), n + 1),
    );
    expect(await handle(anEvent(...records))).toEqual(againFrom(1));
    expect(asked).toHaveLength(25);
  });
});

describe('on-message-inserted, with records that can never be done', () => {
  const nested = `{"invoice":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

  it('gives a value nested 20,000 deep a group of its own, and does all others', async () => {
    const { handle, standard, fifo, lines } = await aTrigger();
    const deep = anInsert('messages', rowOf({ ...nthMessage(2, 'ordered'), body: nested }), 2);
    expect(await handle(anEvent(nthRecord(1, 'ordered'), deep, nthRecord(3, 'ordered')))).toEqual(done);
    expect([standard.length, fifo.length, lines]).toEqual([3, 3, []]);
    expect(new Set(fifo.map(({ group }) => group)).size).toBe(2);
  });

  it('is not delayed by a record that always throws: all others are done, and the batch is done', async () => {
    const other = nthId('application', 1);
    const { handle, standard, records, counts, endpoints } = await aTrigger({
      readApplication: async (applicationId) => {
        if (applicationId === other) throw new TypeError('always');
        return { endpoints: await endpoints.listForFanOut(applicationId), isPolled: false };
      },
    });
    const throwing = anInsert('messages', rowOf({ ...nthMessage(2), applicationId: other }), 2);
    expect(await handle(anEvent(nthRecord(1), throwing, nthRecord(3)))).toEqual(done);
    expect(messagesOf(standard)).toEqual(nthIds(1, 3));
    expect(records).toEqual([
      {
        place: {
          table: 'posthorn-dev-messages',
          key: { partition: expect.stringContaining(other), row: nthMessage(2).messageId },
          sequenceNumber: '2',
        },
        reason: 'fault in Posthorn: TypeError',
      },
    ]);
    expect(counts.get('RecordsSetAside')).toBe(1);
  });

  it('sets aside a record that cannot be decoded, and does all others', async () => {
    const { handle, standard, records } = await aTrigger();
    const foreign = anInsert('messages', { partition: 'x', row: 'y', kind: 'other' }, 2);
    expect(await handle(anEvent(nthRecord(1), foreign, nthRecord(3)))).toEqual(done);
    expect(messagesOf(standard)).toEqual(nthIds(1, 3));
    expect(records).toEqual([
      {
        place: { table: 'posthorn-dev-messages', key: { partition: 'x', row: 'y' }, sequenceNumber: '2' },
        reason: 'row has an invalid attribute: kind',
      },
    ]);
  });

  it('sets aside the delivery to an endpoint that cannot be read, and serves the others', async () => {
    const broken = { endpointId: nthId('endpoint', 1), unreadable: 'row has an invalid attribute: onExhausted' };
    const { handle, standard, deliveries, lines } = await aTrigger({
      readApplication: async () => ({ endpoints: [broken, anEndpoint()], isPolled: false }),
    });
    expect(await handle(anEvent(nthRecord(1)))).toEqual(done);
    expect(standard.map(({ delivery }) => delivery.endpointId)).toEqual([ids.endpoint]);
    expect(deliveries).toEqual([
      {
        queue: 'fifo',
        delivery: { ...standard[0]?.delivery, endpointId: broken.endpointId },
        reason: broken.unreadable,
      },
    ]);
    expect(lines).toEqual(['warn delivery.set_aside']);
  });

  it("sets aside a destination's delivery if a damaged body hides its key, and serves the others", async () => {
    const damaged = new UnusableData('row has an invalid attribute: part');
    const plain = anEndpoint({ endpointId: nthId('endpoint', 2), order: { onExhausted: 'block' } });
    const { handle, standard, fifo, deliveries, endpoints } = await aTrigger({
      findMessage: () => Promise.reject(damaged),
    });
    await endpoints.insert(plain);
    const row = { ...toMessageRow(nthMessage(1, 'ordered')), chunks: 1, digest: 'x', deflated: false };
    expect(await handle(anEvent(anInsert('messages', row, 1)))).toEqual(done);
    expect([standard.length, fifo.length]).toEqual([1, 0]);
    expect(deliveries.map(({ queue, delivery, reason }) => [queue, delivery.endpointId, reason]).toSorted()).toEqual([
      ['fifo', destination.endpointId, damaged.message],
      ['fifo', plain.endpointId, damaged.message],
    ]);
  });

  it('sets aside the delivery that the queue refuses for good, and sends all others', async () => {
    const { queue, standard } = aQueue();
    const refusing: FanOutDeps['queue'] = {
      ...queue,
      sendStandard: async (entries) => {
        if (messagesOf(entries).includes(nthMessage(2).messageId)) throw new RangeError('Invalid time value');
        return queue.sendStandard(entries);
      },
    };
    const { handle, deliveries } = await aTrigger({ queue: refusing });
    expect(await handle(anEvent(...[1, 2, 3, 4].map((n) => nthRecord(n))))).toEqual(done);
    expect(messagesOf(standard)).toEqual(nthIds(1, 3, 4));
    expect(deliveries.map(({ delivery, reason }) => [delivery.messageId, reason])).toEqual([
      [nthMessage(2).messageId, 'fault in Posthorn: RangeError'],
    ]);
  });

  it('does the same again when it dies after setting aside', async () => {
    const { handle, records, standard } = await aTrigger();
    const foreign = anInsert('messages', { partition: 'x', row: 'y', kind: 'other' }, 1);
    const event = anEvent(foreign, nthRecord(2));
    expect([await handle(event), await handle(event)]).toEqual([done, done]);
    expect(records[1]).toEqual(records[0]);
    expect(standard[1]).toEqual(standard[0]);
  });
});
