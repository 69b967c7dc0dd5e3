import { aMessage } from '../testing/builders.ts';
import { takeQueueBatch } from './take-queue-batch.ts';

const fifo = { batchSize: 10, fifo: true, busyGroups: new Set<string>() };
const idsOf = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);

describe('taking a batch of messages', () => {
  it('takes messages up to the batch size, in order', () => {
    const { batch, rest } = takeQueueBatch([aMessage('1'), aMessage('2'), aMessage('3')], { ...fifo, batchSize: 2 });
    expect([idsOf(batch), idsOf(rest)]).toEqual([['1', '2'], ['3']]);
  });

  it('skips groups that are in another batch, and takes the others', () => {
    const messages = [
      aMessage('1', { groupId: 'a' }),
      aMessage('2', { groupId: 'b' }),
      aMessage('3', { groupId: 'a' }),
    ];
    const { batch, rest } = takeQueueBatch(messages, { ...fifo, busyGroups: new Set(['a']) });
    expect([idsOf(batch), idsOf(rest)]).toEqual([['2'], ['1', '3']]);
  });

  it('ignores busy groups on a standard queue', () => {
    const messages = [aMessage('1', { groupId: 'a' })];
    const { batch } = takeQueueBatch(messages, { ...fifo, fifo: false, busyGroups: new Set(['a']) });
    expect(idsOf(batch)).toEqual(['1']);
  });

  it('ends a batch before it is too large for an invocation', () => {
    const body = 'x'.repeat(3_000_000);
    const { batch } = takeQueueBatch([aMessage('1', { body }), aMessage('2', { body })], fifo);
    expect(idsOf(batch)).toEqual(['1']);
  });
});
