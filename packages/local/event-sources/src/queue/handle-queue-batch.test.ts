import { type Faults, noFaults } from '../faults/fault-plan.ts';
import type { Invoke } from '../mapping.ts';
import { aQueueMapping } from '../testing/builders.ts';
import { handleQueueBatch } from './handle-queue-batch.ts';
import { type QueueMessage, toQueueMessage } from './queue-record.ts';

const twice: Faults = { ...noFaults, duplicates: () => true };
const message = (body: string): QueueMessage =>
  toQueueMessage({ MessageId: body, ReceiptHandle: body, Body: body }, { arn: 'arn', region: 'us-east-1' });

/** Hands out a batch twice. Each time, the function gives back what `gives` says. */
async function handleTwice(queueName: string, gives: readonly (readonly string[])[]) {
  const invoked: string[][] = [];
  const removed: string[] = [];
  const invoke: Invoke = async ({ Records }) => {
    const back = gives[invoked.length] ?? [];
    invoked.push(Records.map(({ body }) => String(body)));
    return { batchItemFailures: back.map((itemIdentifier) => ({ itemIdentifier })) };
  };
  await handleQueueBatch([message('a'), message('b')], {
    mapping: aQueueMapping({ queueName }),
    queue: { remove: async (messages) => void removed.push(...messages.map(({ messageId }) => messageId)) },
    invoke,
    faults: twice,
    log: () => undefined,
  });
  return { invoked, removed };
}

describe('a batch of a FIFO queue that comes twice', () => {
  it('comes without the jobs that were given back, since another worker may have them', async () => {
    expect(await handleTwice('jobs.fifo', [['b']])).toEqual({ invoked: [['a', 'b'], ['a']], removed: ['a'] });
    expect(await handleTwice('jobs.fifo', [['a', 'b']])).toEqual({ invoked: [['a', 'b']], removed: [] });
  });

  it('is deleted if it succeeds both times', async () => {
    expect(await handleTwice('jobs.fifo', [])).toMatchObject({ removed: ['a', 'b'] });
    expect(await handleTwice('jobs.fifo', [[], ['a']])).toMatchObject({ removed: ['b'] });
  });
});

it('hands out all jobs of a batch of a standard queue twice', async () => {
  expect(await handleTwice('jobs', [['b']])).toEqual({
    invoked: [
      ['a', 'b'],
      ['a', 'b'],
    ],
    removed: ['a'],
  });
});
