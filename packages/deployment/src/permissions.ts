import { jwtSecretName, type Queue, queueName, streamExportName, type Table, tableName } from '@posthorn/contracts';
import { arn, type Value } from './cloudformation.ts';

/** What a function may do with what: no more than this, on nothing but named resources. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly Value[];
}

/** What is allowed, once the stage is known. */
export type Permission = (stage: string) => Statement;

type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DescribeTable';

const allow = (actions: readonly string[], ...resources: readonly Value[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

/** Actions on one table's rows. */
export const onTable =
  (table: Table, ...actions: readonly TableAction[]): Permission =>
  (stage) =>
    allow(
      actions.map((action) => `dynamodb:${action}`),
      arn('dynamodb', `table/${tableName(stage, table)}`),
    );

/** Queries on one index of a table. */
export const onIndex =
  (table: Table, index: string): Permission =>
  (stage) =>
    allow(['dynamodb:Query'], arn('dynamodb', `table/${tableName(stage, table)}/index/${index}`));

/** What an event source mapping needs to read a table's stream. */
export const readStream =
  (table: Table): Permission =>
  (stage) => ({
    Effect: 'Allow',
    Action: ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].map((name) => `dynamodb:${name}`),
    Resource: [{ 'Fn::ImportValue': streamExportName(stage, table) }],
  });

/** Sending to a queue. */
export const sendTo =
  (queue: Queue): Permission =>
  (stage) =>
    allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], arn('sqs', queueName(stage, queue)));

/** What an event source mapping, and holding jobs back, needs of a queue. */
export const receiveFrom =
  (queue: Queue): Permission =>
  (stage) =>
    allow(
      ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl'].map(
        (name) => `sqs:${name}`,
      ),
      arn('sqs', queueName(stage, queue)),
    );

/** The key that endpoints' secrets are encrypted with. */
export const useSecretsKey =
  (...actions: readonly ('GenerateDataKey' | 'Decrypt')[]): Permission =>
  (stage) =>
    allow(
      actions.map((action) => `kms:${action}`),
      { 'Fn::ImportValue': secretsKeyExportName(stage) },
    );

/** The secret that tokens are signed with. Secrets Manager adds six characters to a name. */
export const readJwtSecret: Permission = (stage) =>
  allow(['secretsmanager:GetSecretValue'], arn('secretsmanager', `secret:${jwtSecretName(stage)}-??????`));

/** The CloudFormation export that carries the ARN of the secrets' key. */
export const secretsKeyExportName = (stage: string): string => `posthorn-${stage}-secrets-key`;
