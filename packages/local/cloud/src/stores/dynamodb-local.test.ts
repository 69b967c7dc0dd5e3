import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { eventually } from '@posthorn/local-event-sources/testing/eventually';
import { createDynamodbClients, createTable } from '@posthorn/local-event-sources/testing/local-stores';
import { hasErrorCode } from '../error-code.ts';
import { whereJavaIs } from '../testing/where-java-is.ts';
import { type DynamodbLocal, JavaMissing, PortTaken, startDynamodbLocal } from './dynamodb-local.ts';

it('says what to install if Java is missing', async () => {
  const starting = startDynamodbLocal({ inMemory: true, java: '/nowhere/java' });
  await expect(starting).rejects.toThrow(JavaMissing);
  await expect(starting).rejects.toThrow('Java 17 or later is needed for DynamoDB Local: install it');
});

const withJava = () => {
  let store: DynamodbLocal;
  beforeAll(async () => {
    store = await startDynamodbLocal({ inMemory: true });
  });
  afterAll(() => store.stop());

  it('has tables with streams', async () => {
    const { dynamodb } = createDynamodbClients(store.endpoint);
    await createTable(dynamodb, 'items');
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'items' }));
    expect(Table?.LatestStreamArn).toContain('/items/stream/');
  });

  it('rejects a port that is taken', async () => {
    const port = Number(new URL(store.endpoint).port);
    await expect(startDynamodbLocal({ inMemory: true, port })).rejects.toThrow(PortTaken);
  });

  it('reports its death', async () => {
    const mortal = await startDynamodbLocal({ inMemory: true });
    process.kill(mortal.pid, 'SIGKILL');
    expect(await mortal.exited).toBe('SIGKILL');
  });

  it('dies with the process that started it, even if that process is killed', async () => {
    const starter = `import(${JSON.stringify(join(import.meta.dirname, 'dynamodb-local.ts'))})
      .then(({ startDynamodbLocal }) => startDynamodbLocal({ inMemory: true }))
      .then(({ pid }) => { console.log(pid); setInterval(() => {}, 1000); })`;
    const parent = spawn(process.execPath, ['-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await eventually(() => isGone(Number(line)));
  });
};

await whereJavaIs('DynamoDB Local', () => describe('DynamoDB Local', withJava));

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasErrorCode(error, 'ESRCH');
  }
}
