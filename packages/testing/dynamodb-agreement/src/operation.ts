import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  TransactGetItemsCommand,
  type TransactGetItemsCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

/** One step of a sequence. A query or scan includes all its pages, and a scan with segments all segments. */
export type Operation =
  | { readonly kind: 'PutItem'; readonly input: PutItemCommandInput }
  | { readonly kind: 'UpdateItem'; readonly input: UpdateItemCommandInput }
  | { readonly kind: 'DeleteItem'; readonly input: DeleteItemCommandInput }
  | { readonly kind: 'GetItem'; readonly input: GetItemCommandInput }
  | { readonly kind: 'Query'; readonly input: QueryCommandInput }
  | { readonly kind: 'Scan'; readonly input: ScanCommandInput; readonly segments: number }
  | { readonly kind: 'BatchGetItem'; readonly input: BatchGetItemCommandInput }
  | { readonly kind: 'BatchWriteItem'; readonly input: BatchWriteItemCommandInput }
  | { readonly kind: 'TransactGetItems'; readonly input: TransactGetItemsCommandInput }
  | { readonly kind: 'TransactWriteItems'; readonly input: TransactWriteItemsCommandInput };

/** A response: one output per operation or per page. */
export type Output = Record<string, unknown>;

// More than the number of items in any table of a run.
const mostPages = 60;

/**
 * Sends one operation.
 *
 * @param run - part of the request token, so that another run does not repeat a request of this one
 */
export async function perform(dynamodb: DynamoDBClient, operation: Operation, run: string): Promise<readonly Output[]> {
  switch (operation.kind) {
    case 'PutItem':
      return [{ ...(await dynamodb.send(new PutItemCommand(operation.input))) }];
    case 'UpdateItem':
      return [{ ...(await dynamodb.send(new UpdateItemCommand(operation.input))) }];
    case 'DeleteItem':
      return [{ ...(await dynamodb.send(new DeleteItemCommand(operation.input))) }];
    case 'GetItem':
      return [{ ...(await dynamodb.send(new GetItemCommand(operation.input))) }];
    case 'BatchGetItem':
      return [{ ...(await dynamodb.send(new BatchGetItemCommand(operation.input))) }];
    case 'BatchWriteItem':
      return [{ ...(await dynamodb.send(new BatchWriteItemCommand(operation.input))) }];
    case 'TransactGetItems':
      return [{ ...(await dynamodb.send(new TransactGetItemsCommand(operation.input))) }];
    case 'TransactWriteItems':
      return [{ ...(await dynamodb.send(new TransactWriteItemsCommand(withToken(operation.input, run)))) }];
    case 'Query':
      return allPages((start) => dynamodb.send(new QueryCommand({ ...operation.input, ...start })));
    case 'Scan':
      return scanSegments(dynamodb, operation.input, operation.segments);
  }
}

function withToken(input: TransactWriteItemsCommandInput, run: string): TransactWriteItemsCommandInput {
  const { ClientRequestToken: token } = input;
  return token === undefined ? input : { ...input, ClientRequestToken: `${token}-${run}` };
}

async function scanSegments(dynamodb: DynamoDBClient, input: ScanCommandInput, segments: number): Promise<Output[]> {
  const pages: Output[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const part = segments === 1 ? {} : { Segment: segment, TotalSegments: segments };
    pages.push(...(await allPages((start) => dynamodb.send(new ScanCommand({ ...input, ...part, ...start })))));
  }
  return pages;
}

type Start = Pick<QueryCommandInput, 'ExclusiveStartKey'>;

async function allPages(
  fetchPage: (start: Start) => Promise<QueryCommandOutput | ScanCommandOutput>,
): Promise<Output[]> {
  const pages: Output[] = [];
  let start: Start = {};
  while (pages.length < mostPages) {
    const page = await fetchPage(start);
    pages.push({ ...page });
    if (page.LastEvaluatedKey === undefined) return pages;
    start = { ExclusiveStartKey: page.LastEvaluatedKey };
  }
  throw new Error(`more than ${mostPages} pages`);
}
