import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { createTestStore } from '../test-store.ts';
import { type Row, toItem } from './row.ts';
import { rowBytes, writeUnitsOf } from './row-size.ts';

const fixed = { partition: 'p', attemptId: 'a', url: 'ünï', code: 201, ms: 12_345, is: true, none: undefined };
const lists = { channels: ['eu', 'us'], bytes: new Uint8Array(10) };

it.each([
  ['up to 1 KB', 1_024, 1],
  ['one byte more', 1_025, 2],
  ['up to 3 KB', 3_072, 3],
])('says what the store bills: %s', async (_, bytes, units) => {
  const { client, stage } = await createTestStore('attempts');
  const rest: Row = { ...fixed, ...lists, text: '' };
  const row = { ...rest, text: 'x'.repeat(bytes - rowBytes(rest)) };
  expect(rowBytes(row)).toBe(bytes);
  expect(writeUnitsOf(bytes)).toBe(units);
  const put = { TableName: tableName(stage, 'attempts'), Item: toItem(row), ReturnConsumedCapacity: 'TOTAL' } as const;
  expect((await client.send(new PutItemCommand(put))).ConsumedCapacity?.CapacityUnits).toBe(units);
});
