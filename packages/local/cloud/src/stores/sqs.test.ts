import { setTimeout as wait } from 'node:timers/promises';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createSqsClient, receiveBodies, send } from '../testing/local-stores.ts';
import { PortTaken, startSqs } from './sqs.ts';

const jobs = { name: 'jobs', visibilityTimeoutSeconds: 0, deadLetters: { name: 'dead-jobs', maxReceiveCount: 1 } };
const deadJobs = { name: 'dead-jobs' };

describe('the local SQS', () => {
  it('has the given queues, with their dead-letter queues', async () => {
    const server = await startSqs({ queues: [jobs, deadJobs] });
    const sqs = createSqsClient(server.endpoint);
    await send(sqs, 'jobs', 'poison');
    expect(await receiveBodies(sqs, 'jobs')).toEqual(['poison']);
    expect(await receiveBodies(sqs, 'jobs')).toEqual([]);
    expect(await receiveBodies(sqs, 'dead-jobs')).toEqual(['poison']);
    sqs.destroy();
    await server.stop();
  });

  it('rejects a port that is taken', async () => {
    const server = await startSqs({ queues: [] });
    await expect(startSqs({ port: Number(new URL(server.endpoint).port), queues: [] })).rejects.toThrow(PortTaken);
    await server.stop();
  });

  it('gives no message to a poll after its caller has closed the connection', async () => {
    const server = await startSqs({ queues: [deadJobs] });
    const sqs = createSqsClient(server.endpoint);
    const gone = new AbortController();
    const QueueUrl = (await sqs.send(new GetQueueUrlCommand({ QueueName: 'dead-jobs' }))).QueueUrl;
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: gone.signal });
    await wait(200);
    gone.abort();
    await expect(poll).rejects.toThrow();
    await wait(100);
    await send(sqs, 'dead-jobs', 'for the living');
    expect(await receiveBodies(sqs, 'dead-jobs')).toEqual(['for the living']);
    sqs.destroy();
    await server.stop();
  });
});
