import { GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { createItems, startServer, type TestServer } from '../testing/a-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await createItems(server, 'items');
});
afterEach(() => server.faults.set());
afterAll(() => server.stop());

const put = (id: string) => server.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: id } } }));
const isThere = async (id: string) => {
  const { Item } = await server.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: id } } }));
  return Item !== undefined;
};

it.each([
  ['throttle', 'ProvisionedThroughputExceededException'],
  ['conflict', 'TransactionConflictException'],
  ['error', 'InternalServerError'],
] as const)('rejects the request with %s, and changes nothing', async (kind, name) => {
  server.faults.set({ seed: 1, rules: [{ kind, probability: 1, times: 1, operations: ['PutItem'] }] });
  await expect(put(kind)).rejects.toMatchObject({ name });
  expect(await isThere(kind)).toBe(false);
  await put(kind);
  expect(await isThere(kind)).toBe(true);
});

it('runs a request with lost-answer, and then closes the connection', async () => {
  server.faults.set({ seed: 1, rules: [{ kind: 'lost-answer', probability: 1, operations: ['PutItem'] }] });
  await expect(put('unanswered')).rejects.toThrow('socket hang up');
  expect(await isThere('unanswered')).toBe(true);
});

it('runs a request with hang-after-commit, and closes the connection when the time is over', async () => {
  const hang = { kind: 'hang-after-commit', probability: 1, operations: ['PutItem'] } as const;
  server.faults.set({ seed: 1, rules: [hang] });
  const waiting = put('hanging').catch((error: unknown) => error);
  while (!(await isThere('hanging'))) await new Promise(setImmediate);
  expect(await Promise.race([waiting, Promise.resolve('no response')])).toBe('no response');
  server.faults.set({ seed: 1, rules: [{ ...hang, latencyMs: 1 }] });
  await expect(put('hanging shortly')).rejects.toThrow('socket hang up');
  expect(await isThere('hanging shortly')).toBe(true);
});

it('names the item of a transaction that conflicts with another transaction', async () => {
  server.faults.set({ seed: 1, rules: [{ kind: 'conflict', probability: 1, tables: ['items'] }] });
  const TransactItems = ['a', 'b'].map((id) => ({ Put: { TableName: 'items', Item: { id: { S: id } } } }));
  await expect(server.dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
  });
});

it('does not affect other operations and tables', async () => {
  server.faults.set({
    seed: 1,
    rules: [
      { kind: 'error', probability: 1, operations: ['GetItem'] },
      { kind: 'error', probability: 1, tables: ['others'] },
    ],
  });
  await put('untouched');
  expect(server.faults.counts()).toEqual([0, 0]);
});

it('affects the same requests for the same seed', async () => {
  const strike = async (seed: number) => {
    server.faults.set({ seed, rules: [{ kind: 'throttle', probability: 0.5 }] });
    const struck: boolean[] = [];
    for (let number = 0; number < 20; number += 1)
      struck.push(
        await put('chance').then(
          () => false,
          () => true,
        ),
      );
    return struck;
  };
  const first = await strike(7);
  expect(first.filter(Boolean).length).toBeGreaterThan(0);
  expect(first.filter(Boolean).length).toBeLessThan(20);
  expect(await strike(7)).toEqual(first);
  expect(await strike(8)).not.toEqual(first);
});
