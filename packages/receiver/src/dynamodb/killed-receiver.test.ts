import { join } from 'node:path';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import { createReceiver } from '../receive/receiver.ts';
import { dynamodbStore } from './dynamodb-store.ts';
import { type CrashPoint, createEffects } from './testing/effects.ts';
import { startTable, tableName } from './testing/start-table.ts';
import { aMessage, receiverOptions } from './testing/test-message.ts';

const program = join(import.meta.dirname, 'testing/mortal-receiver.ts');
let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

/** A receiver whose clock can be set ahead, past the lease of a process that is dead. */
function startNextReceiver() {
  let aheadMs = 0;
  const store = dynamodbStore({ client: table.client, tableName, now: () => Date.now() + aheadMs });
  const { add, addWith, count } = createEffects(table.client);
  const receiveWith = (handle: Parameters<typeof createReceiver>[0]['handle']) =>
    createReceiver({ ...receiverOptions, store, handle });
  return {
    count,
    receive: receiveWith((message) => add(message.id)),
    receiveInTransaction: receiveWith((message, run) => addWith(store.marshalledCompletion(run), message.id)),
    endLease: () => {
      aheadMs = receiverOptions.leaseSeconds * 1_000;
    },
  };
}

async function killAt(crashPoint: CrashPoint, id: string): Promise<void> {
  const receiver = await startMortalProcess(program, table.endpoint, id, crashPoint);
  expect(receiver.firstLine).toBe(crashPoint);
  await receiver.kill();
}

it('killed after the claim: the sender waits for the end of the lease, and then the effect happens once', async () => {
  const { receive, count, endLease } = startNextReceiver();
  await killAt('after the claim', 'msg_1');
  const answer = await receive(aMessage('msg_1'));
  expect(answer.status).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(30);
  expect(await count('msg_1')).toBe(0);
  endLease();
  expect((await receive(aMessage('msg_1'))).status).toBe(204);
  expect((await receive(aMessage('msg_1'))).status).toBe(200);
  expect(await count('msg_1')).toBe(1);
});

it('killed after the effect, before the note: the effect happens again', async () => {
  const { receive, count, endLease } = startNextReceiver();
  await killAt('after the effect', 'msg_2');
  expect((await receive(aMessage('msg_2'))).status).toBe(503);
  endLease();
  expect((await receive(aMessage('msg_2'))).status).toBe(204);
  expect(await count('msg_2')).toBe(2);
});

it('killed after a transaction of effect and note: the effect has happened once', async () => {
  const { receiveInTransaction, count, endLease } = startNextReceiver();
  await killAt('after the transaction', 'msg_3');
  expect((await receiveInTransaction(aMessage('msg_3'))).status).toBe(200);
  endLease();
  expect((await receiveInTransaction(aMessage('msg_3'))).status).toBe(200);
  expect((await receiveInTransaction(aMessage('msg_4'))).status).toBe(204);
  expect([await count('msg_3'), await count('msg_4')]).toEqual([1, 1]);
});

it('of 50 deliveries of a message at the same time, one runs the handler', async () => {
  const { receive, count } = startNextReceiver();
  const answers = await Promise.all(Array.from({ length: 50 }, () => receive(aMessage('msg_5'))));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 204)).toHaveLength(1);
  for (const status of statuses) expect([200, 204, 503]).toContain(status);
  expect(await count('msg_5')).toBe(1);
});
