import { isJsonObject, type Json, type JsonObject } from '@posthorn/local-event-sources';
import type { Access } from './policy.ts';

/** The parts of an AWS client's call that IAM needs. */
export interface AwsRequest {
  /** Header `x-amz-target`: `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly region: string;
  readonly account: string;
  readonly body: JsonObject;
}

/** What a call needs to be allowed. */
export type Needed =
  | { readonly kind: 'known'; readonly accesses: readonly Access[] }
  /**
   * The request names its resource by an alias or a short name: the response has the ARN. Such calls change nothing.
   */
  | { readonly kind: 'in-response'; readonly action: string; readonly attribute: 'KeyId' | 'ARN' }
  | { readonly kind: 'unknown'; readonly target: string };

/** Returns the accesses that a call needs. A call that is not listed here is unknown and must be refused. */
export function neededFor(request: AwsRequest): Needed {
  const [service = '', operation = ''] = request.target.split('.');
  switch (service) {
    case 'DynamoDB_20120810':
      return known(tableAccesses(operation, request));
    case 'DynamoDBStreams_20120810':
      return known([{ action: `dynamodb:${operation}`, resource: streamOf(request.body) }]);
    case 'AmazonSQS':
      return known([{ action: `sqs:${withoutBatch(operation)}`, resource: queueOf(request) }]);
    case 'TrentService':
      return { kind: 'in-response', action: `kms:${operation}`, attribute: 'KeyId' };
    case 'secretsmanager':
      return { kind: 'in-response', action: `secretsmanager:${operation}`, attribute: 'ARN' };
    default:
      return { kind: 'unknown', target: request.target };
  }
}

const known = (accesses: readonly Access[]): Needed => ({ kind: 'known', accesses });

/** SQS has no separate action for a batch: a batch needs the action of a single entry. */
const withoutBatch = (operation: string): string => operation.replace(/Batch$/, '');

function tableAccesses(operation: string, request: AwsRequest): readonly Access[] {
  const { body } = request;
  const on = (action: string, table: Json | undefined, index?: Json): Access => ({
    action: `dynamodb:${action}`,
    resource: tableArn(request, text(table), index === undefined ? undefined : text(index)),
  });
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(object(body.RequestItems)).map((table) => on(operation, table));
    case 'TransactGetItems':
      return list(body.TransactItems).map((item) => on('GetItem', object(object(item).Get).TableName));
    case 'TransactWriteItems':
      return list(body.TransactItems).flatMap((item) =>
        Object.entries(object(item)).map(([part, write]) => on(writeAction(part), object(write).TableName)),
      );
    default:
      return [on(operation, body.TableName, body.IndexName)];
  }
}

/** An entry `Put` of a transaction needs `PutItem`, and so on. Only the check is named differently. */
const writeAction = (part: string): string => (part === 'ConditionCheck' ? 'ConditionCheckItem' : `${part}Item`);

const tableArn = ({ region, account }: AwsRequest, table: string, index: string | undefined): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${table}${index === undefined ? '' : `/index/${index}`}`;

const streamOf = (body: JsonObject): string =>
  // An iterator begins with the ARN of its stream.
  text(body.StreamArn ?? text(body.ShardIterator).split('|')[0]);

const queueOf = ({ region, account, body }: AwsRequest): string =>
  `arn:aws:sqs:${region}:${account}:${text(body.QueueName ?? text(body.QueueUrl).split('/').at(-1))}`;

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`the request has ${JSON.stringify(value)} instead of a name`);
  return value;
}
const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
