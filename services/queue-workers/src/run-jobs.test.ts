import { toDeliveryJob } from '@posthorn/contracts';
import { aDelivery, nthId } from '@posthorn/testing';
import type { SQSRecord } from 'aws-lambda';
import { createRunJobs } from './run-jobs.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:posthorn-test-deliveries';
const recordOf = (n: number, { group, body }: { group?: string; body?: string } = {}): SQSRecord => ({
  messageId: `sqs-${n}`,
  receiptHandle: `handle-${n}`,
  body: body ?? toDeliveryJob(aDelivery({ messageId: nthId('message', n) })),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
    ...(group === undefined ? {} : { MessageGroupId: group }),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: group === undefined ? arn : `${arn}.fifo`,
  awsRegion: 'us-east-1',
});

function aRunner() {
  const dead: string[] = [];
  const released: string[] = [];
  const errors: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (event: string) => void errors.push(event) };
  const runJobs = createRunJobs({
    sendToDeadLetters: async ({ id }, reason) => void dead.push(`${id}: ${reason}`),
    release: async ({ receiptHandle }) => void released.push(receiptHandle),
    log,
  });
  return { runJobs, dead, released, errors };
}
const failuresOf = (...ns: number[]) => ({ batchItemFailures: ns.map((n) => ({ itemIdentifier: `sqs-${n}` })) });

describe('a batch of jobs', () => {
  it('answers nothing when everything is done', async () => {
    expect(await aRunner().runJobs([recordOf(1), recordOf(2)], async () => 'done')).toEqual(failuresOf());
  });

  it('answers only the job that failed, and says so', async () => {
    const { runJobs, errors } = aRunner();
    const failing = nthId('message', 2);
    const run = async ({ delivery }: { delivery: { messageId: string } }) => {
      if (delivery.messageId === failing) throw new Error('out of order');
      return 'done' as const;
    };
    expect(await runJobs([recordOf(1), recordOf(2), recordOf(3)], run)).toEqual(failuresOf(2));
    expect(errors).toEqual(['delivery.record_failed']);
  });

  it('lets go of the rest of a group that is held back, and of no other', async () => {
    const { runJobs, released } = aRunner();
    const records = [recordOf(1, { group: 'a' }), recordOf(2, { group: 'b' }), recordOf(3, { group: 'a' })];
    const held = nthId('message', 1);
    const answer = await runJobs(records, async ({ delivery }) => (delivery.messageId === held ? 'held' : 'done'));
    expect(answer).toEqual(failuresOf(1, 3));
    expect(released).toEqual(['handle-3']);
  });

  it('moves what is no job to the dead letters, and acknowledges it', async () => {
    const { runJobs, dead } = aRunner();
    const answer = await runJobs([recordOf(1, { body: 'no job' }), recordOf(2)], async () => 'done');
    expect(answer).toEqual(failuresOf());
    expect(dead).toEqual(['sqs-1: not a delivery job']);
  });
});
