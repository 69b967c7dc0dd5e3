import { toDeliveryJob } from '@posthorn/contracts';
import { aDelivery } from '@posthorn/testing';
import type { SQSRecord } from 'aws-lambda';
import { toBatchResponse, toReceivedJobs } from './sqs-event.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:posthorn-test-deliveries';
const aRecord = (overrides: Partial<SQSRecord> = {}): SQSRecord => ({
  messageId: 'sqs-1',
  receiptHandle: 'handle-1',
  body: toDeliveryJob(aDelivery()),
  attributes: {
    ApproximateReceiveCount: '3',
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
    MessageGroupId: 'a',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  awsRegion: 'us-east-1',
  ...overrides,
});

describe('an event of SQS', () => {
  it('is a list of jobs, each with its delivery', () => {
    expect(toReceivedJobs({ Records: [aRecord()] })).toEqual([
      {
        id: 'sqs-1',
        receiptHandle: 'handle-1',
        receives: 3,
        body: toDeliveryJob(aDelivery()),
        content: { kind: 'delivery', delivery: aDelivery() },
      },
    ]);
  });

  it('has ordered groups on the FIFO queue only', () => {
    expect(toReceivedJobs({ Records: [aRecord({ eventSourceARN: `${arn}.fifo` })] })).toMatchObject([{ group: 'a' }]);
    expect(toReceivedJobs({ Records: [aRecord()] })[0]).not.toHaveProperty('group');
  });

  it('keeps a text that is not a delivery, with the reason', () => {
    expect(toReceivedJobs({ Records: [aRecord({ body: 'no job' }), aRecord({ messageId: 'sqs-2' })] })).toMatchObject([
      { id: 'sqs-1', body: 'no job', content: { kind: 'refused', reason: 'not a delivery job' } },
      { id: 'sqs-2', content: { kind: 'delivery' } },
    ]);
  });

  it('counts one receive if the queue does not say how many there were', () => {
    const { ApproximateReceiveCount: _, ...attributes } = aRecord().attributes;
    // A queue that is not SQS may leave it out.
    const record = aRecord({ attributes: attributes as SQSRecord['attributes'] });
    expect(toReceivedJobs({ Records: [record] })).toMatchObject([{ receives: 1 }]);
  });

  it('is answered with the entries that come back', () => {
    expect(toBatchResponse([])).toEqual({ batchItemFailures: [] });
    expect(toBatchResponse(['sqs-1', 'sqs-3'])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'sqs-1' }, { itemIdentifier: 'sqs-3' }],
    });
  });
});
