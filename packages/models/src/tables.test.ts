import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { tableName, tables } from '@posthorn/contracts';
import { createTables, toCloudFormation } from './tables.ts';
import { testClient } from './test-store.ts';

it('creates every table once, with its keys, index, stream and time to live', async () => {
  const stage = 'created-twice';
  await createTables(testClient, stage);
  await createTables(testClient, stage);
  for (const table of tables) {
    const expected = toCloudFormation(stage, table);
    const named = { TableName: tableName(stage, table) };
    const { Table } = await testClient.send(new DescribeTableCommand(named));
    const { TimeToLiveDescription } = await testClient.send(new DescribeTimeToLiveCommand(named));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: expected.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(Table?.StreamSpecification?.StreamViewType).toBe(expected.StreamSpecification?.StreamViewType);
    expect(Table?.GlobalSecondaryIndexes?.length).toBe(expected.GlobalSecondaryIndexes?.length);
    expect(TimeToLiveDescription?.AttributeName).toBe(expected.TimeToLiveSpecification?.AttributeName);
  }
});

it('describes the attempts table for CloudFormation', () => {
  expect(toCloudFormation('dev', 'attempts')).toMatchObject({
    TableName: 'posthorn-dev-attempts',
    AttributeDefinitions: [
      { AttributeName: 'partition', AttributeType: 'S' },
      { AttributeName: 'attemptId', AttributeType: 'S' },
      { AttributeName: 'messageId', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'partition', KeyType: 'HASH' },
      { AttributeName: 'attemptId', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [{ IndexName: 'byMessage', Projection: { ProjectionType: 'INCLUDE' } }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  });
});

it('has no more attributes in the index than DynamoDB allows', () => {
  const { GlobalSecondaryIndexes: indexes = [] } = toCloudFormation('dev', 'attempts');
  for (const { Projection } of indexes) expect(Projection.NonKeyAttributes.length).toBeLessThanOrEqual(20);
});
