import { type Delivery, type Message, PassingError } from '@posthorn/core';
import { toMessageRow, toRelayRow, toResendRow } from '@posthorn/models/messages/message-row';
import { toItem } from '@posthorn/models/rows/row';
import type { DeliveriesQueue, FifoEntry, StandardEntry } from '@posthorn/queues';
import {
  aMessage,
  anEndpoint,
  aResend,
  ids,
  inMemoryEndpoints,
  inMemoryMessages,
  nthId,
  nthMessageId,
  startOfTests,
} from '@posthorn/testing';
import type { InsertedRecord } from '../stream-batch.ts';
import { createFanOut, type FanOutDeps } from './fan-out.ts';

/** A queue that keeps what it takes, and takes everything but the deliveries of some messages. */
function aQueue(refused: readonly string[] = []) {
  const standard: StandardEntry[] = [];
  const fifo: FifoEntry[] = [];
  const take = <Entry extends { readonly delivery: Delivery }>(into: Entry[], entries: readonly Entry[]) => {
    into.push(...entries.filter(({ delivery }) => !refused.includes(delivery.messageId)));
    const unsent = entries.filter(({ delivery }) => refused.includes(delivery.messageId));
    return unsent.map((entry) => ({ ...entry, error: new PassingError('the queue did not accept the entry') }));
  };
  const queue: DeliveriesQueue = {
    sendStandard: async (entries) => take(standard, entries),
    sendFifo: async (entries) => take(fifo, entries),
  };
  return { queue, standard, fifo };
}

async function aFanOut(overrides: Partial<FanOutDeps> = {}) {
  const endpoints = inMemoryEndpoints();
  await endpoints.insert(anEndpoint());
  const fifoEndpoint = anEndpoint({
    endpointId: nthId('endpoint', 1),
    order: { by: '$.invoice', onExhausted: 'block' },
  });
  await endpoints.insert(fifoEndpoint);
  const messages = inMemoryMessages();
  const sent = aQueue();
  const fanOut = createFanOut({
    listEndpoints: endpoints.listForFanOut,
    findMessage: messages.find,
    queue: sent.queue,
    clock: () => startOfTests,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    counters: { add: () => undefined },
    ...overrides,
  });
  return { fanOut, messages, ...sent };
}

const recordOf = (row: Readonly<Record<string, unknown>>, sequenceNumber: string): InsertedRecord => ({
  sequenceNumber,
  // The image of a row, but for the client's type of binary values: these rows have none.
  image: toItem(row) as InsertedRecord['image'],
});
const rowOf = (message: Message) => ({ ...toMessageRow(message), body: message.body });
const nthMessage = (n: number, placement: 'ordered' | 'sharded' = 'sharded') =>
  aMessage({ messageId: nthMessageId(n, placement) });

describe('fan-out', () => {
  it('queues a message for the endpoints that want it', async () => {
    const { fanOut, standard, fifo } = await aFanOut();
    expect(await fanOut([recordOf(rowOf(nthMessage(1)), '1')])).toBeUndefined();
    expect(standard.map(({ delivery }) => delivery.endpointId)).toEqual([ids.endpoint]);
    expect(fifo).toEqual([]);
  });

  it('queues a message that is in order for the endpoint in FIFO mode too, by its ordering key', async () => {
    const { fanOut, standard, fifo } = await aFanOut();
    const [one, other] = [nthMessage(1, 'ordered'), { ...nthMessage(2, 'ordered'), body: '{"invoice":43}' }];
    await fanOut([recordOf(rowOf(one), '1'), recordOf(rowOf(other), '2')]);
    expect(standard).toHaveLength(2);
    expect(fifo.map(({ delivery }) => delivery.messageId)).toEqual([one.messageId, other.messageId]);
    expect(new Set(fifo.map(({ group }) => group)).size).toBe(2);
  });

  it('queues a relayed message only for the endpoint in FIFO mode', async () => {
    const { fanOut, messages, standard, fifo } = await aFanOut();
    await messages.insert(nthMessage(1));
    await fanOut([recordOf(toRelayRow(nthMessage(1)), '1')]);
    expect([standard.length, fifo.length]).toEqual([0, 1]);
  });

  it('queues a resend as a single manual attempt under its own id', async () => {
    const { fanOut, standard } = await aFanOut();
    await fanOut([recordOf(toResendRow(aResend()), '1')]);
    expect(standard).toEqual([
      {
        delivery: expect.objectContaining({ trigger: 'manual', attemptId: ids.attempt, attemptNumber: 1 }),
        queue: 'standard',
      },
    ]);
  });

  it('plans the same again for a batch that comes again', async () => {
    const { fanOut, standard } = await aFanOut();
    const records = [recordOf(rowOf(nthMessage(1)), '1')];
    await fanOut(records);
    await fanOut(records);
    expect(standard[1]).toEqual(standard[0]);
  });

  it('answers the first record with a delivery that no queue took', async () => {
    const { queue } = aQueue([nthMessage(2).messageId, nthMessage(3).messageId]);
    const { fanOut } = await aFanOut({ queue });
    const records = [1, 2, 3, 4].map((n) => recordOf(rowOf(nthMessage(n)), `${n}`));
    expect(await fanOut(records)).toBe('2');
  });

  it('queues what stands before a record that is none of ours, and answers that one', async () => {
    const { fanOut, standard } = await aFanOut();
    const foreign = recordOf({ partition: 'x', row: 'y', kind: 'other' }, '2');
    expect(await fanOut([recordOf(rowOf(nthMessage(1)), '1'), foreign, recordOf(rowOf(nthMessage(3)), '3')])).toBe('2');
    expect(standard.map(({ delivery }) => delivery.messageId)).toEqual([nthMessage(1).messageId]);
  });

  it('reads the endpoints of an application once per batch', async () => {
    let reads = 0;
    const { fanOut } = await aFanOut({
      listEndpoints: async () => {
        reads += 1;
        return [anEndpoint()];
      },
    });
    await fanOut([1, 2, 3].map((n) => recordOf(rowOf(nthMessage(n)), `${n}`)));
    expect(reads).toBe(1);
  });
});
