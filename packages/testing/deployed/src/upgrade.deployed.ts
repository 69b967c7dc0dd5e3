import { readFile } from 'node:fs/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { tableName } from '@posthorn/contracts';
import { earlierTemplateFile } from '@posthorn/deployment/testing/earlier-template';
import { dataResources } from '../../../../services/data/resources.ts';
import { type Emulator, emulatorRegion, startEmulator } from './emulator/emulator.ts';

const stage = 'upgraded';
const StackName = `posthorn-data-${stage}`;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator(process.env.EMULATOR_PYTHON ?? 'python3');
});
afterAll(() => emulator?.stop());

const createClients = () => {
  const account = {
    endpoint: emulator.url,
    region: emulatorRegion,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  };
  return {
    cloudFormation: new CloudFormationClient(account),
    dynamodb: new DynamoDBClient(account),
    streams: new DynamoDBStreamsClient(account),
  };
};

it('updates the data stack of an earlier version: rows and unread records stay, and tables get their new streams', async () => {
  const { cloudFormation, dynamodb, streams } = createClients();
  const describe = async (table: Parameters<typeof tableName>[1]) =>
    (await dynamodb.send(new DescribeTableCommand({ TableName: tableName(stage, table) }))).Table;
  const statusOf = async () =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  const readRecords = async (StreamArn: string | undefined) => {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    return (await streams.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
  };

  const TemplateBody = await readFile(earlierTemplateFile, 'utf8');
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
  expect(await statusOf()).toBe('CREATE_COMPLETE');
  expect((await describe('endpoints'))?.LatestStreamArn).toBeUndefined();
  const before = await describe('messages');
  const row = { partition: { S: 'app_1#0' }, row: { S: 'msg_1' }, kind: { S: 'message' } };
  const endpoint = { applicationId: { S: 'app_1' }, endpointId: { S: 'ep_1' }, disabled: { BOOL: false } };
  await dynamodb.send(new PutItemCommand({ TableName: tableName(stage, 'messages'), Item: row }));
  await dynamodb.send(new PutItemCommand({ TableName: tableName(stage, 'endpoints'), Item: endpoint }));

  await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: JSON.stringify(dataResources(stage)) }));
  expect(await statusOf()).toBe('UPDATE_COMPLETE');
  const after = await describe('messages');
  expect(before?.LatestStreamArn).toBeDefined();
  expect(after?.LatestStreamArn).toBe(before?.LatestStreamArn);
  expect(await readRecords(after?.LatestStreamArn)).toMatchObject([
    { eventName: 'INSERT', dynamodb: { NewImage: row } },
  ]);
  for (const table of ['endpoints', 'applications'] as const)
    expect(await describe(table)).toMatchObject({
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  const changed = { ...endpoint, disabled: { BOOL: true } };
  await dynamodb.send(new PutItemCommand({ TableName: tableName(stage, 'endpoints'), Item: changed }));
  expect(await readRecords((await describe('endpoints'))?.LatestStreamArn)).toMatchObject([
    { eventName: 'MODIFY', dynamodb: { OldImage: endpoint, NewImage: changed } },
  ]);
});
