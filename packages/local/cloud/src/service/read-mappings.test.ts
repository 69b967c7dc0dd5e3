import { passEnvironment } from './pass-environment.ts';
import { readMappings } from './read-mappings.ts';
import { UnresolvedArn } from './resource-name.ts';

const settings = {
  imports: { 'items-stream': 'items' },
  resources: { JobsQueue: { Properties: { QueueName: 'jobs' } }, ItemsTable: { Properties: { TableName: 'items' } } },
  maximumConcurrency: 5,
};
const joined = (name: string) => ({
  'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'sqs', { Ref: 'AWS::Region' }, name]],
});
const readOne = (event: object) => readMappings([{ functionKey: 'f', events: [event] }], settings)[0];

describe("reading a service's mappings", () => {
  it.each([
    ['text', 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    ['Fn::Join', joined('jobs')],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['JobsQueue', 'Arn'] }],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'JobsQueue.Arn' }],
  ])('finds the queue of an ARN given as %s', (_, arn) => {
    expect(readOne({ sqs: { arn } })).toMatchObject({ kind: 'queue', queueName: 'jobs', batchSize: 10 });
  });

  it.each([
    ['text', 'arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/2026-01-01T00:00:00.000'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'items-stream' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['ItemsTable', 'StreamArn'] }],
  ])('finds the table of an ARN given as %s', (_, arn) => {
    expect(readOne({ stream: { type: 'dynamodb', arn } })).toMatchObject({ kind: 'stream', tableName: 'items' });
  });

  it('names the export that is missing in the settings', () => {
    const event = { stream: { type: 'dynamodb', arn: { 'Fn::ImportValue': 'orders-stream' } } };
    expect(() => readOne(event)).toThrow(UnresolvedArn);
    expect(() => readOne(event)).toThrow(/custom.eventSources.imports: orders-stream/);
  });

  it('takes the settings of a stream', () => {
    const stream = {
      type: 'dynamodb',
      arn: { 'Fn::ImportValue': 'items-stream' },
      batchSize: 50,
      batchWindow: 5,
      startingPosition: 'LATEST',
      parallelizationFactor: 10,
      maximumRetryAttempts: 20,
      maximumRecordAgeInSeconds: 3600,
      bisectBatchOnFunctionError: true,
      functionResponseType: 'ReportBatchItemFailures',
      destinations: { onFailure: { type: 'sqs', arn: joined('failures') } },
    };
    expect(readOne({ stream })).toMatchObject({
      batchSize: 50,
      windowSeconds: 5,
      startingPosition: 'LATEST',
      parallelizationFactor: 10,
      maximumRetryAttempts: 20,
      maximumRecordAgeInSeconds: 3600,
      bisectBatchOnFunctionError: true,
      reportFailures: true,
      onFailureQueue: 'failures',
    });
  });

  it.each([{}, { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: -1 }])(
    'sets no limit to the retries and the age of a stream with %j',
    (limits) => {
      const stream = { type: 'dynamodb', arn: { 'Fn::ImportValue': 'items-stream' }, ...limits };
      expect(readOne({ stream })).toMatchObject({ maximumRetryAttempts: -1, maximumRecordAgeInSeconds: -1 });
    },
  );

  it('uses the lower of the two concurrency limits, of the machine and of the mapping', () => {
    const arn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
    expect(readOne({ sqs: { arn, maximumConcurrency: 200 } })).toMatchObject({ maximumConcurrency: 5 });
    expect(readOne({ sqs: { arn, maximumConcurrency: 2 } })).toMatchObject({ maximumConcurrency: 2 });
  });

  it('ignores sources that are not enabled, and other types of sources', () => {
    expect(readOne({ sqs: { arn: 'a:jobs', enabled: false } })).toBeUndefined();
    expect(readOne({ stream: { type: 'kinesis', arn: 'arn:aws:kinesis:us-east-1:0:stream/s' } })).toBeUndefined();
    expect(readOne({ schedule: 'rate(1 minute)' })).toBeUndefined();
  });
});

describe('passing the environment on', () => {
  const from = { APP_MODE: 'local', APP_EMPTY: 'now set', OTHER: 'kept out' };

  it('passes variables that begin with a prefix', () => {
    expect(passEnvironment(['APP_'], from, {})).toEqual({ APP_MODE: 'local', APP_EMPTY: 'now set' });
  });

  it("keeps the service's own value unless it is empty", () => {
    const own = { APP_MODE: 'own', APP_EMPTY: '', UNKNOWN: '' };
    expect(passEnvironment(['APP_'], from, own)).toEqual({ APP_MODE: 'own', APP_EMPTY: 'now set', UNKNOWN: '' });
  });
});
