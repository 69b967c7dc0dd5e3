import { countOwn, operationalApplicationIdOf } from '@posthorn/core';
import { openQueues } from '@posthorn/local-queues';
import { openStorage } from '@posthorn/local-storage';
import { createTally } from '../counters/tally.ts';
import { readStatus, type StatusSources } from './read-status.ts';

const now = new Date('2026-01-01T01:00:00Z');
const ago = (seconds: number) => now.getTime() - seconds * 1_000;

/** Queues whose entries are texts such as `app_1 …`, sent some seconds ago. */
async function createSources() {
  let time = now.getTime();
  const definitions = [{ name: 'jobs' }, { name: 'jobs.fifo', fifo: true }, { name: 'dead' }];
  const queues = await openQueues({ storage: await openStorage({}), queues: definitions, now: () => time });
  const send = async (name: string, body: string, secondsAgo: number, DelaySeconds?: number) => {
    time = ago(secondsAgo);
    await queues.execute('SendMessage', {
      QueueUrl: name,
      MessageBody: body,
      ...(name.endsWith('.fifo') && { MessageGroupId: 'group', MessageDeduplicationId: 'one' }),
      ...(DelaySeconds !== undefined && { DelaySeconds }),
    });
    time = now.getTime();
  };
  const find = (name: string) => {
    const queue = queues.find(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  };
  const tally = createTally();
  const sources: StatusSources = {
    tally,
    health: () => ({ kind: 'healthy' }),
    fanOutBehindSince: () => new Date(ago(7)),
    startedAt: new Date(ago(3_600)),
    restarts: 2,
    jobQueues: [find('jobs'), find('jobs.fifo')],
    deadLetterQueues: [find('dead')],
    countDue: async () => ({ byApplication: new Map([['app_3', 5]]), total: 5, openBreakers: 3, isPartial: false }),
    applicationOf: (body) => body.split(' ')[0] ?? '',
  };
  return { sources, send, find, tally };
}

it('counts what waits, fails and is set aside', async () => {
  const { sources, send, find, tally } = await createSources();
  await send('jobs', 'app_1 a', 10);
  await send('jobs', 'app_1 b', 5);
  await send('jobs', 'app_2 later', 5, 60);
  await send('jobs.fifo', 'app_2 c', 30);
  await send('dead', 'app_1 dead', 60);
  await find('jobs').take(1);
  // A queue knows the age of what it has loaded for a consumer.
  await find('jobs.fifo').take(1, () => false);
  tally.createCounters('any').add('MessagesFannedOut', 4, { applicationId: 'app_1' });
  expect(await readStatus(sources, { now, applications: false })).toEqual({
    health: { kind: 'healthy' },
    startedAt: '2026-01-01T00:00:00.000Z',
    restarts: 2,
    counts: { accepted: 4, delivered: 0, failedAttempts: 0 },
    failing: 6,
    openBreakers: 3,
    queues: { waiting: 2, inFlight: 1, oldestWaitingSeconds: 30, deadLetters: 1 },
    fanOutBehindSeconds: 7,
    isPartial: false,
  });
  const none = { accepted: 0, delivered: 0, failedAttempts: 0 };
  expect((await readStatus(sources, { now, applications: true })).applications).toEqual([
    { id: 'app_2', ...none, failing: 1, waiting: 1, oldestWaitingSeconds: 30 },
    { id: 'app_1', ...none, accepted: 4, failing: 0, waiting: 2, oldestWaitingSeconds: 10 },
    { id: 'app_3', ...none, failing: 5, waiting: 0 },
  ]);
});

it('has the application that carries operational webhooks in no list and no figure', async () => {
  const { sources, send, tally } = await createSources();
  const applicationId = operationalApplicationIdOf('org_1');
  await send('jobs', `${applicationId} told`, 10);
  await send('jobs', `${applicationId} retried`, 10, 60);
  await send('jobs', 'app_1 retried', 10, 60);
  const counters = tally.createCounters('any');
  for (const owner of [applicationId, 'app_1']) {
    const of = { applicationId: owner, outcome: 'accepted' };
    for (const name of ['MessagesFannedOut', 'AttemptsSucceeded', 'AttemptsFailed'])
      countOwn(counters, owner, { name, of });
  }
  const status = await readStatus(sources, { now, applications: true });
  const { counts, failing, applications = [] } = status;
  expect(applications.map(({ id }) => id)).toEqual(['app_1', 'app_3']);
  expect({ counts, failing }).toEqual({ counts: { accepted: 1, delivered: 1, failedAttempts: 1 }, failing: 6 });
  expect(await readStatus(sources, { now, applications: false })).toMatchObject({ counts, failing });
  expect([...tally.outcomes()]).toEqual([['accepted', 3]]);
});

it('says that it does not know queues of another endpoint, and that it has not read everything', async () => {
  const { sources } = await createSources();
  const elsewhere: StatusSources = {
    ...sources,
    jobQueues: undefined,
    deadLetterQueues: [],
    countDue: async () => ({ byApplication: new Map(), total: 50_000, openBreakers: 0, isPartial: true }),
  };
  const status = await readStatus(elsewhere, { now, applications: true });
  expect(status).toMatchObject({ failing: 50_000, isPartial: true, applications: [] });
  expect(status.queues).toBeUndefined();
});
