import { jwtSecretName, type Queue, queueName, streamExportName, type Table, tableName } from '@posthorn/contracts';
import { arn, type Value } from './cloudformation.ts';

/** One statement of a role's policy. Its resources are always named, never `*`. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly Value[];
}

/** Returns the statement for a stage. */
export type Permission = (stage: string) => Statement;

type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem';

const allow = (actions: readonly string[], ...resources: readonly Value[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

/** Allows actions on the items of one table. */
export const onTable =
  (table: Table, ...actions: readonly TableAction[]): Permission =>
  (stage) =>
    allow(
      actions.map((action) => `dynamodb:${action}`),
      arn('dynamodb', `table/${tableName(stage, table)}`),
    );

/** Allows queries on one index of a table. */
export const onIndex =
  (table: Table, index: string): Permission =>
  (stage) =>
    allow(['dynamodb:Query'], arn('dynamodb', `table/${tableName(stage, table)}/index/${index}`));

/** Allows an event source mapping to read the stream of a table. */
export const readStream =
  (table: Table): Permission =>
  (stage) =>
    allow(readingActions, { 'Fn::ImportValue': streamExportName(stage, table) });

/** Allows event source mappings to read the streams of the user's own tables. */
export const readSourceStreams =
  (streamArns: readonly string[]): Permission =>
  () =>
    allow(readingActions, ...streamArns);

const readingActions = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].map(
  (name) => `dynamodb:${name}`,
);

/** Allows sending to a queue. */
export const sendTo =
  (queue: Queue): Permission =>
  (stage) =>
    allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], arn('sqs', queueName(stage, queue)));

/** Allows an event source mapping to receive from a queue. */
export const receiveFrom =
  (queue: Queue): Permission =>
  (stage) =>
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arn('sqs', queueName(stage, queue)));

/** Allows a function to hide the jobs that it received from a queue. */
export const holdBackOn =
  (queue: Queue): Permission =>
  (stage) =>
    allow(['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl'], arn('sqs', queueName(stage, queue)));

/** Allows using the key that encrypts the secrets of endpoints. */
export const useSecretsKey =
  (...actions: readonly ('GenerateDataKey' | 'Decrypt')[]): Permission =>
  (stage) =>
    allow(
      actions.map((action) => `kms:${action}`),
      { 'Fn::ImportValue': secretsKeyExportName(stage) },
    );

/** Allows reading the secret that signs tokens. Secrets Manager adds six characters to its name. */
export const readJwtSecret: Permission = (stage) =>
  allow(['secretsmanager:GetSecretValue'], arn('secretsmanager', `secret:${jwtSecretName(stage)}-??????`));

/** Name of the CloudFormation export with the ARN of the key that encrypts secrets. */
export const secretsKeyExportName = (stage: string): string => `posthorn-${stage}-secrets-key`;
