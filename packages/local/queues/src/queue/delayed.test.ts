import { openStorage, type Storage } from '@posthorn/local-storage';
import { openTestQueues, takeBodies } from '../testing/builders.ts';

/** A storage whose next commit waits, and whose next read ends with something else before its rows are given. */
async function openSlowStorage() {
  const storage = await openStorage({});
  let beforeCommit: Promise<void> | undefined;
  let afterRead: (() => Promise<unknown>) | undefined;
  const commit: Storage['commit'] = async (...change) => {
    const waiting = beforeCommit;
    beforeCommit = undefined;
    await waiting;
    return storage.commit(...change);
  };
  const rows: Storage['rows'] = async function* (range) {
    const found = [];
    for await (const portion of storage.rows(range)) found.push(portion);
    const then = afterRead;
    afterRead = undefined;
    await then?.();
    yield* found;
  };
  return {
    storage: { ...storage, commit, rows },
    holdNextCommit: (until: Promise<void>) => {
      beforeCommit = until;
    },
    afterNextRead: (work: () => Promise<unknown>) => {
      afterRead = work;
    },
  };
}

it('gives a message that is stored only after its delay, while later ones are made available', async () => {
  const { storage, holdNextCommit, afterNextRead } = await openSlowStorage();
  const { queues, queue, clock } = await openTestQueues([{ name: 'jobs' }], { storage });
  const send = (MessageBody: string, DelaySeconds: number) =>
    queues.execute('SendMessage', { QueueUrl: 'jobs', MessageBody, DelaySeconds });
  await send('late', 2);
  const stored = Promise.withResolvers<void>();
  holdNextCommit(stored.promise);
  const sending = send('early', 1);
  clock.now += 3_000;
  afterNextRead(async () => {
    stored.resolve();
    await sending;
  });
  expect([...(await takeBodies(queue('jobs'))), ...(await takeBodies(queue('jobs')))]).toEqual(['late', 'early']);
});
