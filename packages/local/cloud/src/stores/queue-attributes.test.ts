import { deadLetterQueuesFirst, toAttributes } from './queue-attributes.ts';

const jobs = { name: 'jobs', deadLetters: { name: 'dead-jobs', maxReceiveCount: 1 } };
const deadJobs = { name: 'dead-jobs' };

describe("a queue's definition", () => {
  it('creates dead-letter queues before the queues that name them', () => {
    expect(deadLetterQueuesFirst([jobs, deadJobs]).map(({ name }) => name)).toEqual(['dead-jobs', 'jobs']);
  });

  it('becomes the attributes of SQS', () => {
    expect(
      toAttributes({ name: 'a.fifo', fifo: true, contentBasedDeduplication: true, delaySeconds: 5 }, 'us-east-1'),
    ).toEqual({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DelaySeconds: '5',
    });
  });
});
