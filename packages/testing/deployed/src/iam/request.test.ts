import type { JsonObject } from '@posthorn/local-event-sources';
import { neededFor } from './request.ts';

const needed = (target: string, body: JsonObject) => neededFor({ target, region: 'r', account: '1', body });
const table = (name: string) => `arn:aws:dynamodb:r:1:table/${name}`;
const accesses = (...pairs: [string, string][]) => ({
  kind: 'known',
  accesses: pairs.map(([action, resource]) => ({ action, resource })),
});

describe('a call needs', () => {
  it('its own action on the table that it names', () => {
    expect(needed('DynamoDB_20120810.PutItem', { TableName: 'rows' })).toEqual(
      accesses(['dynamodb:PutItem', table('rows')]),
    );
  });

  it('the index that it queries, not the table', () => {
    expect(needed('DynamoDB_20120810.Query', { TableName: 'rows', IndexName: 'byName' })).toEqual(
      accesses(['dynamodb:Query', `${table('rows')}/index/byName`]),
    );
  });

  it('the batch action on every table of a batch', () => {
    expect(needed('DynamoDB_20120810.BatchWriteItem', { RequestItems: { a: [], b: [] } })).toEqual(
      accesses(['dynamodb:BatchWriteItem', table('a')], ['dynamodb:BatchWriteItem', table('b')]),
    );
  });

  it('the action of every part of a transaction', () => {
    const TransactItems = [
      { Put: { TableName: 'a' } },
      { ConditionCheck: { TableName: 'b' } },
      { Update: { TableName: 'c' } },
      { Delete: { TableName: 'd' } },
    ];
    expect(needed('DynamoDB_20120810.TransactWriteItems', { TransactItems })).toEqual(
      accesses(
        ['dynamodb:PutItem', table('a')],
        ['dynamodb:ConditionCheckItem', table('b')],
        ['dynamodb:UpdateItem', table('c')],
        ['dynamodb:DeleteItem', table('d')],
      ),
    );
  });

  it('the stream that its iterator belongs to', () => {
    const stream = `${table('rows')}/stream/2026`;
    expect(needed('DynamoDBStreams_20120810.GetRecords', { ShardIterator: `${stream}|1|AAA=` })).toEqual(
      accesses(['dynamodb:GetRecords', stream]),
    );
  });

  it('the action of one entry for a batch to a queue', () => {
    expect(needed('AmazonSQS.SendMessageBatch', { QueueUrl: 'http://127.0.0.1:1/1/jobs.fifo' })).toEqual(
      accesses(['sqs:SendMessage', 'arn:aws:sqs:r:1:jobs.fifo']),
    );
    expect(needed('AmazonSQS.GetQueueUrl', { QueueName: 'jobs' })).toEqual(
      accesses(['sqs:GetQueueUrl', 'arn:aws:sqs:r:1:jobs']),
    );
  });

  it('the key that only the response names', () => {
    expect(needed('TrentService.Decrypt', { CiphertextBlob: 'AA==' })).toEqual({
      kind: 'in-response',
      action: 'kms:Decrypt',
      attribute: 'KeyId',
    });
  });

  it('something unknown if its service is not listed', () => {
    expect(needed('AWSEvents.PutEvents', {})).toEqual({ kind: 'unknown', target: 'AWSEvents.PutEvents' });
  });

  it('a name: a request without one is an error', () => {
    expect(() => needed('DynamoDB_20120810.Scan', {})).toThrow('undefined instead of a name');
  });
});
