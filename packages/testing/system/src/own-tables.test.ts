import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readyLine, runStart, type StartCommand } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let command: StartCommand;
beforeAll(async () => {
  command = await runStart();
  await command.waitFor(readyLine);
});
afterAll(async () => {
  process.kill(command.pid, 'SIGTERM');
  await command.ended;
  await command.cleanUp();
});

const readCloud = async () => JSON.parse(await readFile(join(command.dataDir, 'local-cloud.json'), 'utf8'));

/** What a program of the user reads from the data folder. */
async function optionsOfProgram(service: 'dynamodb' | 'sqs') {
  const { [service]: endpoint, region, accessKeyId, secretAccessKey } = await readCloud();
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
}

const TableName = 'orders';
const Item = { id: { S: 'order-1' } };
const nameOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'answered',
    (error: Error) => error.name,
  );

describe('the key of a program', () => {
  it('makes tables of its own, and sees no others', async () => {
    const client = new DynamoDBClient(await optionsOfProgram('dynamodb'));
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await client.send(new PutItemCommand({ TableName, Item }));
    expect(await client.send(new ListTablesCommand({}))).toMatchObject({ TableNames: [TableName] });
    client.destroy();
  });

  it('does not open the tables and queues of Posthorn', async () => {
    const client = new DynamoDBClient(await optionsOfProgram('dynamodb'));
    const scan = client.send(new ScanCommand({ TableName: 'posthorn-local-endpoints' }));
    await expect(scan).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/dynamodb:Scan on resource: .*posthorn-local-endpoints\. .*posthorn-local-outbox/),
    });
    client.destroy();
    const sqs = new SQSClient(await optionsOfProgram('sqs'));
    expect(await nameOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'posthorn-local-deliveries' })))).toBe(
      'InvalidClientTokenId',
    );
    sqs.destroy();
  });

  it('is the same after the host is started again, at the same endpoint', async () => {
    const client = new DynamoDBClient(await optionsOfProgram('dynamodb'));
    const before = await command.processes();
    process.kill(before.host ?? 0, 'SIGKILL');
    await until('another one runs', async () => (await command.processes()).host !== before.host);
    const read = async () => (await client.send(new GetItemCommand({ TableName, Key: Item }))).Item;
    await until('the tables answer', () => read().then(Boolean, () => false));
    expect(await read()).toEqual(Item);
    client.destroy();
  });
});
