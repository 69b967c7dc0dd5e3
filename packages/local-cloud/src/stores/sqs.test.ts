import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqsClient, receiveBodies, send } from '../testing/local-stores.ts';
import { deadLetterQueuesFirst, PortTaken, startSqs, toAttributes } from './sqs.ts';

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

  it('refuses a port that is taken', async () => {
    const server = await startSqs({ queues: [] });
    await expect(startSqs({ port: Number(new URL(server.endpoint).port), queues: [] })).rejects.toThrow(PortTaken);
    await server.stop();
  });

  it('keeps queues and messages in a folder', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'local-sqs-'));
    const before = await startSqs({ dataDir, queues: [deadJobs] });
    const first = createSqsClient(before.endpoint);
    await send(first, 'dead-jobs', 'kept');
    first.destroy();
    await before.stop();
    const after = await startSqs({ dataDir, queues: [deadJobs] });
    const second = createSqsClient(after.endpoint);
    expect(await receiveBodies(second, 'dead-jobs')).toEqual(['kept']);
    second.destroy();
    await after.stop();
    await rm(dataDir, { recursive: true });
  });

  it('creates dead-letter queues before the queues that name them', () => {
    expect(deadLetterQueuesFirst([jobs, deadJobs]).map(({ name }) => name)).toEqual(['dead-jobs', 'jobs']);
  });

  it("words a queue as SQS's attributes", () => {
    expect(
      toAttributes({ name: 'a.fifo', fifo: true, contentBasedDeduplication: true, delaySeconds: 5 }, 'us-east-1'),
    ).toEqual({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DelaySeconds: '5',
    });
  });
});
