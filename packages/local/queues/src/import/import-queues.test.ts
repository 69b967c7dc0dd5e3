import { openStorage, type Storage } from '@posthorn/local-storage';
import { openQueues } from '../queues.ts';
import { drain, openTestQueues, takeBodies } from '../testing/builders.ts';
import { type ImportedQueue, openQueueImport } from './import-queues.ts';
import type { ImportedMessage } from './imported-message.ts';

const now = 1_700_000_000_000;
const minute = 60_000;
const day = 24 * 60 * minute;
const definitions = [
  { name: 'jobs', retentionSeconds: 86_400, deadLetters: { name: 'dead', maxReceiveCount: 3 } },
  { name: 'jobs.fifo', fifo: true },
  { name: 'dead' },
];
const queues: readonly ImportedQueue[] = definitions.map((definition) => ({ definition, lastSequence: 0 }));

let storage: Storage;
beforeEach(async () => {
  storage = await openStorage({});
});

const aMessage = (sequence: number, more: Partial<ImportedMessage> = {}): ImportedMessage => ({
  queue: 'jobs',
  sequence,
  id: `id-${sequence}`,
  body: `body ${sequence}`,
  sentAt: now - minute,
  receives: 0,
  ...more,
});
const inFifo = (sequence: number, group: string, more: Partial<ImportedMessage> = {}) =>
  aMessage(sequence, { queue: 'jobs.fifo', group, deduplicationId: `once-${sequence}`, ...more });

const beginImport = (list = queues) => openQueueImport({ storage, queues: list, now: () => now });

async function importAll(messages: readonly ImportedMessage[], list = queues) {
  const target = await beginImport(list);
  for (const message of messages) await target.add([message]);
  await target.finish();
  return openTestQueues(definitions, { storage, clock: { now } });
}

describe('an import of queues', () => {
  it('keeps ids, attributes and counts of messages', async () => {
    const { queue } = await importAll([
      aMessage(5, {
        receives: 2,
        firstReceivedAt: now - 1_000,
        attributes: { reason: { type: 'String', text: 'why' } },
      }),
    ]);
    expect(queue('jobs').counts()).toMatchObject({ waiting: 1, delayed: 0, inFlight: 0 });
    const [message] = await queue('jobs').take(1);
    expect(message).toMatchObject({
      messageId: 'id-5',
      body: 'body 5',
      attributes: {
        ApproximateReceiveCount: '3',
        ApproximateFirstReceiveTimestamp: String(now - 1_000),
        SentTimestamp: String(now - minute),
      },
      messageAttributes: { reason: { DataType: 'String', StringValue: 'why' } },
    });
  });

  it('keeps the order of each group, and puts new messages behind', async () => {
    const { queue, send } = await importAll([inFifo(2, 'a'), inFifo(3, 'b'), inFifo(7, 'a'), inFifo(8, 'b')]);
    await send('jobs.fifo', 'a', 'new');
    expect(await drain(queue('jobs.fifo'), 1)).toEqual(['body 2', 'body 3', 'body 7', 'body 8', 'new']);
  });

  it('gives new messages higher sequence numbers than the other server gave', async () => {
    const list = queues.map((one) => ({ ...one, lastSequence: 90 }));
    const { queues: opened } = await importAll([inFifo(2, 'a')], list);
    const input = { QueueUrl: 'jobs.fifo', MessageBody: 'x', MessageGroupId: 'a', MessageDeduplicationId: 'new' };
    expect(await opened.execute('SendMessage', input)).toMatchObject({ SequenceNumber: '00000000000000000091' });
  });

  it('counts earlier receives towards the dead letters', async () => {
    const { queue } = await importAll([aMessage(1, { receives: 3 }), aMessage(2, { receives: 2 })]);
    expect(await takeBodies(queue('jobs'))).toEqual(['body 2']);
    await storage.settled();
    expect(await takeBodies(queue('dead'))).toEqual(['body 1']);
  });

  it('keeps the rest of a delay', async () => {
    const { queue, clock } = await importAll([
      aMessage(1, { dueAt: now + minute }),
      aMessage(2, { dueAt: now - 1 }),
      aMessage(3, { dueAt: now + 1_000 }),
    ]);
    expect(await drain(queue('jobs'))).toEqual(['body 2']);
    clock.now += 1_000;
    expect(await drain(queue('jobs'))).toEqual(['body 3']);
    clock.now += minute;
    expect(await drain(queue('jobs'))).toEqual(['body 1']);
  });

  it('keeps the order of a FIFO queue with delays, also in an import that is continued', async () => {
    const first = await beginImport();
    await first.add([inFifo(1, 'a', { dueAt: now + minute })]);
    const { queue, clock } = await importAll([inFifo(2, 'a', { dueAt: now + 1_000 }), inFifo(3, 'a')]);
    clock.now += 1_000;
    expect(await takeBodies(queue('jobs.fifo'))).toEqual([]);
    clock.now += minute;
    expect(await drain(queue('jobs.fifo'))).toEqual(['body 1', 'body 2', 'body 3']);
  });

  it('knows the deduplication ids of the last five minutes', async () => {
    const { queues: opened, queue } = await importAll([
      inFifo(1, 'a', { sentAt: now - 5 * minute + 1 }),
      inFifo(2, 'a', { sentAt: now - 5 * minute }),
    ]);
    for (const id of ['once-1', 'once-2'])
      await opened.execute('SendMessage', {
        QueueUrl: 'jobs.fifo',
        MessageBody: `again ${id}`,
        MessageGroupId: 'a',
        MessageDeduplicationId: id,
      });
    expect(await drain(queue('jobs.fifo'))).toEqual(['body 1', 'body 2', 'again once-2']);
  });

  it('leaves at least half of the retention period to messages that were kept without a limit', async () => {
    const { queue, queues: opened, clock } = await importAll([aMessage(1, { sentAt: now - 30 * day })]);
    await opened.deleteExpired();
    clock.now += day / 2 - 1;
    expect(await takeBodies(queue('jobs'))).toEqual(['body 1']);
  });

  it('is continued after the last commit, and cannot be mistaken for complete queues', async () => {
    const first = await beginImport();
    await first.add([aMessage(1), aMessage(2)]);
    await expect(openQueues({ storage, queues: definitions })).rejects.toThrow('An import of messages');
    const second = await beginImport();
    expect([second.importedTo, second.isFinished]).toEqual([2, false]);
    await second.add([aMessage(3)]);
    await second.finish();
    expect((await beginImport()).isFinished).toBe(true);
    const { queue, queues: opened } = await openTestQueues(definitions, { storage, clock: { now } });
    expect(await drain(queue('jobs'))).toEqual(['body 1', 'body 2', 'body 3']);
    await opened.close();
    await expect(beginImport()).rejects.toThrow('already has queues');
  });
});
