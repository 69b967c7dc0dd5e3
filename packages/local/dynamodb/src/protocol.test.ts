import { once } from 'node:events';
import { request } from 'node:http';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { createItems, startServer, type TestServer } from './testing/a-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await createItems(server, 'items');
});
afterAll(() => server.stop());

const signedBy = (id: string) => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=${id}/20260101/us-east-1/dynamodb/aws4_request, ` +
    `SignedHeaders=host, Signature=${'0'.repeat(64)}`,
});
const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=a', 'content-type': 'application/x-amz-json-1.0' };
async function post(operation: string, body: string, headers: Record<string, string> = signed) {
  const target = operation.includes('.') ? operation : `DynamoDB_20120810.${operation}`;
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { ...headers, 'x-amz-target': target },
    body,
  });
  // Every response of the protocol is an object, and an error has `__type`.
  return { status: response.status, answer: (await response.json()) as { readonly __type?: string } };
}

it.each([
  ['Frobnicate', '{}', 'UnknownOperationException'],
  ['Other_2012.GetItem', '{}', 'UnknownOperationException'],
  ['GetItem', '{"TableName":', 'SerializationException'],
  ['GetItem', '[]', 'SerializationException'],
  ['GetItem', '{"TableName":1}', 'SerializationException'],
  ['GetItem', '{}', 'ValidationException'],
  ['GetItem', '{"TableName":"nowhere","Key":{"id":{"S":"a"}}}', 'ResourceNotFoundException'],
])('answers %s %s with %s', async (operation, body, name) => {
  const { status, answer } = await post(operation, body);
  expect(status).toBe(400);
  expect(answer.__type).toMatch(new RegExp(`#${name}$`));
});

it('rejects a request without a signature', async () => {
  const { answer } = await post('ListTables', '{}', { 'content-type': 'application/x-amz-json-1.0' });
  expect(answer.__type).toMatch(/#MissingAuthenticationTokenException$/);
});

it('answers GET with 200 as a health check', async () => {
  expect((await fetch(server.endpoint)).status).toBe(200);
});

describe('a server with an access key', () => {
  const accessKey = { id: 'posthorn', secret: 'secret' };
  const program = { id: 'program', secret: 'other secret' };
  const rights = { isForbidden: (table: string) => table === 'system', putOnly: new Set<string>(), reason: 'No.' };
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await startServer({ accessKey, limitedKeys: [{ ...program, rights }] });
  });
  afterAll(() => guarded.stop());

  const clientWith = (accessKeyId: string, secretAccessKey: string, endpoint = guarded.endpoint) =>
    new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
  const nameOf = (answer: Promise<unknown>): Promise<string> =>
    answer.then(
      () => 'answered',
      (error: Error) => error.name,
    );
  async function listTables(accessKeyId: string, secretAccessKey: string): Promise<string> {
    const client = clientWith(accessKeyId, secretAccessKey);
    const name = await nameOf(client.send(new ListTablesCommand({})));
    client.destroy();
    return name;
  }

  it('answers requests that were signed with it, and no others', async () => {
    expect(await listTables('posthorn', 'secret')).toBe('answered');
    expect(await listTables('posthorn', 'other')).toBe('InvalidSignatureException');
    expect(await listTables('other', 'secret')).toBe('UnrecognizedClientException');
  });

  it('answers a limited key within its rights, and another secret not at all', async () => {
    expect(await listTables('program', 'other secret')).toBe('answered');
    expect(await listTables('program', 'secret')).toBe('InvalidSignatureException');
    expect(await listTables('posthorn', 'other secret')).toBe('InvalidSignatureException');
    const client = clientWith('program', 'other secret');
    const describeTable = (TableName: string) => nameOf(client.send(new DescribeTableCommand({ TableName })));
    expect(await describeTable('own')).toBe('ResourceNotFoundException');
    expect(await describeTable('system')).toBe('AccessDeniedException');
    client.destroy();
  });

  it('lets only so many requests with limited keys be under way, and all with its own key', async () => {
    const server = await startServer({ accessKey, limitedKeys: [{ ...program, rights }], limitedAtATime: 1 });
    const own = clientWith('posthorn', 'secret', server.endpoint);
    const limited = clientWith(program.id, program.secret, server.endpoint);
    const unfinished = request(server.endpoint, {
      method: 'POST',
      headers: { 'content-length': 9, ...signedBy('program') },
    });
    unfinished.on('error', () => undefined).write('{');
    await once(unfinished, 'socket');
    const waiting = limited.send(new ListTablesCommand({})).then(() => 'answered');
    for (let times = 0; times < 20; times += 1) await own.send(new ListTablesCommand({}));
    expect(await Promise.race([waiting, 'still waiting'])).toBe('still waiting');
    unfinished.destroy();
    expect(await waiting).toBe('answered');
    for (const client of [own, limited]) client.destroy();
    await server.stop();
  });

  it.each(['GET', 'POST'])('answers no %s without a signature', async (method) => {
    const response = await fetch(guarded.endpoint, { method });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    });
  });
});
