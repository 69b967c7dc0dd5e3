import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { queueName, queues, tableName, tables } from '@posthorn/contracts';
import { service as api } from '../../../services/api/functions.ts';
import { createService } from '../../../services/db-triggers/functions.ts';
import { service as queueWorkers } from '../../../services/queue-workers/functions.ts';
import { logicalName } from './cloudformation.ts';
import type { ServiceDefinition } from './function-definition.ts';
import { functionName } from './function-names.ts';
import { findNamedByText } from './testing/named-by-text.ts';
import {
  type PackagedProperties,
  type PackagedResource,
  type PackagedTemplate,
  packageServices,
  packagingVariable,
  root,
  type Service,
  sourceStreams,
} from './testing/package-services.ts';
import { type PackagedFunction, readFunctions, sortEvents } from './testing/read-functions.ts';

const stage = 'dev';
const code = ['api', 'db-triggers', 'queue-workers'] as const;
let templates: Readonly<Record<Service, PackagedTemplate>>;
beforeAll(async () => {
  templates = await packageServices();
});

const ofType = (service: Service, type: string) =>
  Object.entries(templates[service].Resources).filter(([, resource]) => resource.Type === type);
const allOfType = (type: string) => code.flatMap((service) => ofType(service, type));
const mappings = () => allOfType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
const isQueueMapping = ({ EventSourceArn }: { EventSourceArn: unknown }) =>
  JSON.stringify(EventSourceArn).includes('"sqs"');
/** The name of the resource: the last part of an ARN that is joined. */
const nameIn = (arn: PackagedProperties['EventSourceArn']): string => arn['Fn::Join'][1].at(-1) ?? '';
function dataQueue(name: string): PackagedProperties {
  const [, queue] = ofType('data', 'AWS::SQS::Queue').find(([, { Properties }]) => Properties.QueueName === name) ?? [];
  if (!queue) throw new Error(`there is no queue ${name}`);
  return queue.Properties;
}
function referredQueue({ 'Fn::GetAtt': [logicalId] }: { 'Fn::GetAtt': readonly [string, string] }): PackagedProperties {
  const queue = templates.data.Resources[logicalId];
  if (queue?.Type !== 'AWS::SQS::Queue') throw new Error(`${logicalId} is not a queue`);
  return queue.Properties;
}
const statementsOf = ({ Properties }: PackagedResource) =>
  Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

describe('every template', () => {
  it.each(['data', ...code] as const)(
    'of %s refers to its own resources, and names none of them by text',
    (service) => {
      expect(findNamedByText(templates[service].Resources)).toEqual([]);
    },
  );
});

describe('the log of a function', () => {
  const functions = () => allOfType('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  const levelOf = (folder: string) =>
    functions().find(({ Handler }) => Handler === `src/${folder}/handler.handler`)?.Environment.Variables
      .POWERTOOLS_LOG_LEVEL;

  it("has none of Lambda's own lines about invocations that succeed", () => {
    for (const { LoggingConfig } of functions())
      expect(LoggingConfig).toEqual({ LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'TRACE' });
  });

  it.each(['post-message', 'deliver-standard', 'deliver-slow', 'deliver-fifo'])(
    'has no lines about what goes well, for %s',
    (folder) => expect(levelOf(folder)).toBe('WARN'),
  );

  it.each(['endpoints', 'on-endpoint-changed'])('has one line for each request or change, for %s', (folder) =>
    expect(levelOf(folder)).toBe('INFO'),
  );
});

const functionCount = [api, createService(sourceStreams), queueWorkers].flatMap(({ functions }) =>
  Object.keys(functions),
).length;

const writeLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** The template's functions, from the service's definition alone. */
const expectedFunctions = ({ name, functions }: ServiceDefinition): Readonly<Record<string, PackagedFunction>> =>
  Object.fromEntries(
    Object.entries(functions).map(([folder, { timeoutSeconds, memoryMb, permissions, events }]) => [
      logicalName(folder),
      {
        name: functionName(name, stage, folder),
        handler: `src/${folder}/handler.handler`,
        timeoutSeconds,
        memoryMb,
        statements: [expect.objectContaining({ Action: writeLog }), ...permissions.map((permit) => permit(stage))],
        events,
      },
    ]),
  );

describe('the definitions of a service', () => {
  it.each([
    ['api', api],
    ['db-triggers', createService(sourceStreams)],
    ['queue-workers', queueWorkers],
  ] as const)('make the functions of %s, and the template has no others', (service, definition) => {
    expect(sortEvents(readFunctions(templates[service], stage))).toEqual(sortEvents(expectedFunctions(definition)));
  });

  it('keep the logical ids of event source mappings: a new mapping would read its stream again', () => {
    expect(
      allOfType('AWS::Lambda::EventSourceMapping')
        .map(([id]) => id)
        .toSorted(),
    ).toEqual([
      'DeliverFifoEventSourceMappingSQSPosthorndevdeliveriesfifo',
      'DeliverSlowEventSourceMappingSQSPosthorndevdeliveriesslow',
      'DeliverStandardEventSourceMappingSQSPosthorndevdeliveries',
      'OnAttemptInsertedEventSourceMappingDynamodbPosthorndevattemptsstream',
      'OnEndpointChangedEventSourceMappingDynamodbPosthorndevendpointsstream',
      'OnMessageInsertedEventSourceMappingDynamodbPosthorndevmessagesstream',
      'OnMessageRemovedEventSourceMappingDynamodbPosthorndevmessagesstream',
      'OnOutboxInsertedEventSourceMappingDynamodbPosthorndevoutboxstream',
      'OnSourceChangedEventSourceMappingDynamodbCustomers',
      'OnSourceChangedEventSourceMappingDynamodbOrders',
      'OnTaskChangedEventSourceMappingDynamodbPosthorndevtasksstream',
      'RunTasksEventSourceMappingSQSPosthorndevtasks',
    ]);
  });
});

describe('every function', () => {
  it('has a role of its own, and there is no shared one', () => {
    const roles = allOfType('AWS::Lambda::Function').map(([, { Properties }]) => JSON.stringify(Properties.Role));
    expect(roles).toHaveLength(functionCount);
    expect(new Set(roles).size).toBe(roles.length);
    for (const service of code) expect(templates[service].Resources).not.toHaveProperty('IamRoleLambdaExecution');
  });

  it('has no permission for a wildcard action or for every resource', () => {
    const statements = allOfType('AWS::IAM::Role').flatMap(([, role]) => statementsOf(role));
    expect(statements.length).toBeGreaterThan(40);
    for (const { Action, Resource } of statements) {
      for (const action of Action) expect(action).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
      for (const resource of Resource) expect(resource).not.toBe('*');
    }
  });

  it('cannot delete or update a data key, and only the functions that seal can put one', () => {
    const allowed = allOfType('AWS::IAM::Role').flatMap(([role, resource]) =>
      statementsOf(resource)
        .filter(({ Resource }) => JSON.stringify(Resource).includes(tableName(stage, 'data-keys')))
        .flatMap(({ Action }) => Action.map((action) => `${role} ${action.replace('dynamodb:', '')}`)),
    );
    expect(allowed.filter((text) => !text.endsWith(' GetItem')).toSorted()).toEqual([
      'DestinationsRole PutItem',
      'EndpointsRole PutItem',
      'TokensRole PutItem',
    ]);
  });

  it('runs on the same runtime, and its log expires', () => {
    for (const [, { Properties }] of allOfType('AWS::Lambda::Function'))
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    const logs = allOfType('AWS::Logs::LogGroup');
    expect(logs).toHaveLength(functionCount);
    for (const [, { Properties }] of logs) expect(Properties.RetentionInDays).toBe(30);
  });

  it('has the variables of its service, and none of the machine that packages it', () => {
    for (const [, { Properties }] of allOfType('AWS::Lambda::Function')) {
      expect(Properties.Environment.Variables).toMatchObject({ POSTHORN_STAGE: stage });
      expect(Properties.Environment.Variables).not.toHaveProperty(packagingVariable);
    }
  });

  it('has a folder, and every folder with a handler has a function', () => {
    for (const service of code) {
      const source = join(root, 'services', service, 'src');
      const folders = readdirSync(source).filter((name) => existsSync(join(source, name, 'handler.ts')));
      const functions = ofType(service, 'AWS::Lambda::Function').map(([id]) => id);
      expect(functions.toSorted()).toEqual(folders.map((name) => `${logicalName(name)}LambdaFunction`).toSorted());
    }
  });

  it('that answers HTTP ends before the API gives up on it', () => {
    for (const [, { Properties }] of ofType('api', 'AWS::Lambda::Function'))
      expect(Properties.Timeout).toBeLessThan(30);
  });
});

describe('every event source', () => {
  it('reports failures record by record', () => {
    expect(mappings()).toHaveLength(12);
    for (const { FunctionResponseTypes } of mappings())
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it('that is a stream gives up on a record only because of its age, splits failed batches, and notifies a queue', () => {
    const streams = mappings().filter((mapping) => !isQueueMapping(mapping));
    expect(streams).toHaveLength(8);
    for (const mapping of streams) {
      expect(mapping.BisectBatchOnFunctionError).toBe(true);
      expect(mapping.StartingPosition).toBe('TRIM_HORIZON');
      expect(mapping.MaximumRetryAttempts).toBe(-1);
      expect(mapping.MaximumRecordAgeInSeconds).toBe(6 * 3600);
      expect(nameIn(mapping.DestinationConfig.OnFailure.Destination)).toBe(queueName(stage, 'stream-failures'));
    }
  });

  it('shares its stream with at most one other: more readers are throttled', () => {
    const streams = mappings().filter((mapping) => !isQueueMapping(mapping));
    const readers = Map.groupBy(streams, ({ EventSourceArn }) => JSON.stringify(EventSourceArn));
    expect(readers.size).toBeGreaterThan(3);
    for (const [, own] of readers) expect(own.length).toBeLessThanOrEqual(2);
  });

  it('keeps the order of a partition key: one batch of a shard at a time', () => {
    for (const { ParallelizationFactor = 1 } of mappings()) expect(ParallelizationFactor).toBe(1);
  });

  it('reads a stream that the data service exports', () => {
    const exported = Object.values(templates.data.Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []));
    const imported = code.flatMap((service) => [
      ...JSON.stringify(templates[service]).matchAll(/"Fn::ImportValue":"([^"]+)"/g),
    ]);
    expect(imported.length).toBeGreaterThan(4);
    for (const [, name] of imported) expect(exported).toContain(name);
  });
});

describe('every queue', () => {
  it('has the name from the contracts, and a FIFO queue ends with .fifo', () => {
    const made = ofType('data', 'AWS::SQS::Queue').map(([, { Properties }]) => Properties);
    expect(made.map(({ QueueName }) => QueueName).toSorted()).toEqual(
      queues.map((queue) => queueName(stage, queue)).toSorted(),
    );
    for (const { QueueName, FifoQueue = false } of made) expect(QueueName.endsWith('.fifo')).toBe(FifoQueue);
  });

  it('stays invisible for six times its function’s timeout, and its concurrency is limited', () => {
    const queueMappings = mappings().filter(isQueueMapping);
    expect(queueMappings).toHaveLength(4);
    for (const { EventSourceArn, FunctionName, ScalingConfig } of queueMappings) {
      const timeout = templates['queue-workers'].Resources[FunctionName['Fn::GetAtt'][0]]?.Properties.Timeout ?? 0;
      expect(timeout).toBeGreaterThan(0);
      expect(dataQueue(nameIn(EventSourceArn)).VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
      expect(ScalingConfig.MaximumConcurrency).toBeGreaterThan(1);
    }
  });

  it('moves no job of a group past the others by a limit of receives', () => {
    expect(dataQueue(queueName(stage, 'deliveries.fifo'))).not.toHaveProperty('RedrivePolicy');
  });

  it('that has a worker has a dead-letter queue of the same type, with at least its retention and an alarm', () => {
    const alarmed = ofType('data', 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => referredQueue(Properties.Dimensions[0].Value).QueueName,
    );
    for (const queue of ['deliveries', 'tasks'] as const) {
      const { RedrivePolicy, FifoQueue, MessageRetentionPeriod } = dataQueue(queueName(stage, queue));
      const dead = referredQueue(RedrivePolicy.deadLetterTargetArn);
      expect(dead.FifoQueue).toBe(FifoQueue);
      expect(dead.MessageRetentionPeriod).toBeGreaterThanOrEqual(MessageRetentionPeriod);
      expect(alarmed).toContain(dead.QueueName);
    }
    expect(alarmed).toContain(queueName(stage, 'deliveries-dead-letters.fifo'));
    expect(alarmed).toContain(queueName(stage, 'stream-failures'));
    expect(ofType('db-triggers', 'AWS::CloudWatch::Alarm')).toHaveLength(7);
  });
});

describe('a resource that must outlive code', () => {
  const kept = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];

  it('is retained, unless a failed deployment created it', () => {
    const resources = kept.flatMap((type) => ofType('data', type));
    expect(resources).toHaveLength(tables.length + queues.length + 2);
    for (const [, resource] of resources)
      expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  it('is created last if a failed deployment cannot delete it', () => {
    const others = Object.entries(templates.data.Resources).flatMap(([id, { Type, DeletionPolicy }]) =>
      DeletionPolicy !== undefined && Type !== 'AWS::DynamoDB::Table' ? [id] : [],
    );
    expect(others).toHaveLength(queues.length + 4);
    for (const [, table] of ofType('data', 'AWS::DynamoDB::Table'))
      expect(table.DependsOn).toEqual(expect.arrayContaining(others));
  });

  it('is encrypted, has point-in-time recovery, and is protected from deletion', () => {
    const made = ofType('data', 'AWS::DynamoDB::Table').map(([, { Properties }]) => Properties);
    expect(made.map(({ TableName }) => TableName).toSorted()).toEqual(
      tables.map((table) => tableName(stage, table)).toSorted(),
    );
    for (const table of made)
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      });
    for (const [, { Properties }] of ofType('data', 'AWS::SQS::Queue'))
      expect(Properties.SqsManagedSseEnabled).toBe(true);
    for (const [, { Properties }] of ofType('data', 'AWS::KMS::Key')) expect(Properties.EnableKeyRotation).toBe(true);
  });

  it('has a TTL if it grows with traffic', () => {
    for (const table of ['messages', 'attempts', 'due-deliveries', 'statistics', 'claims', 'tasks'] as const) {
      const own = ofType('data', 'AWS::DynamoDB::Table').find(
        ([, { Properties }]) => Properties.TableName === tableName(stage, table),
      );
      expect(own?.[1].Properties.TimeToLiveSpecification).toMatchObject({ Enabled: true });
    }
  });
});
