import { limitAccess } from '../access/limit-access.ts';
import type { LimitedAccess } from '../access/rights.ts';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { checkRequest, isOperation, type Operation } from '../dynalite/requests.ts';
import { RequestFailure, toRequestFailure } from '../failure.ts';
import { createFaults, type Faults } from '../faults/faults.ts';
import { startHousekeeping } from '../housekeeping/start-housekeeping.ts';
import { query, scan } from '../operations/query-and-scan.ts';
import { batchGetItem, getItem } from '../operations/read-items.ts';
import { describeStream, getRecords, getShardIterator, listStreams } from '../operations/streams.ts';
import { createTable, deleteTable, describeTable, listTables, updateTable } from '../operations/tables.ts';
import { listTagsOfResource, tagResource, untagResource } from '../operations/tags.ts';
import { describeTimeToLive, updateTimeToLive } from '../operations/time-to-live.ts';
import { transactGetItems, transactWriteItems } from '../operations/transactions.ts';
import { batchWriteItem, deleteItem, putItem, updateItem } from '../operations/write-items.ts';
import type { EmbeddedOptions } from '../options.ts';
import { loadRowFilter } from '../state/load-row-filter.ts';
import { openState, type State } from '../state/state.ts';
import { fillInBackground } from '../tables/fill.ts';
import { removeAllLeftovers } from '../tables/remove.ts';
import type { Body } from '../values.ts';

const operations: Readonly<Record<Operation, (state: State, request: CheckedRequest) => Promise<Body>>> = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: createTable,
  DeleteItem: deleteItem,
  DeleteTable: deleteTable,
  DescribeStream: describeStream,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  ListStreams: listStreams,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  TagResource: tagResource,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  UntagResource: untagResource,
  UpdateItem: updateItem,
  UpdateTable: updateTable,
  UpdateTimeToLive: updateTimeToLive,
};

/** DynamoDB and DynamoDB Streams in this process, without HTTP. */
export interface EmbeddedDynamodb {
  /**
   * Runs an operation and returns the body of the response. The response may be part of what is stored: do not modify it.
   *
   * @param body - the request's body, parsed from JSON. It may be modified, and parts of it are stored: do not use it again
   * @param limited - the limited key of the caller. Without it, the caller may do everything
   * @throws RequestFailure
   */
  execute(operation: string, body: object, limited?: LimitedAccess): Promise<Body>;
  readonly faults: Faults;
  readonly region: string;
  close(): Promise<void>;
}

const expiryIntervalMs = 1_000;

/** @throws FolderInUse, FormatUnknown */
export async function openEmbeddedDynamodb(options: EmbeddedOptions = {}): Promise<EmbeddedDynamodb> {
  const state = await openState(options);
  const faults = createFaults();
  await removeAllLeftovers(state);
  loadRowFilter(state);
  for (const { description } of state.catalogue.tables()) fillInBackground(state, description.TableName);
  const housekeeping = startHousekeeping(state, options.expiryIntervalMs ?? expiryIntervalMs);
  let closing: Promise<void> | undefined;
  return {
    execute: (operation, body, limited) =>
      faults.around(operation, body, () => execute(state, operation, body, limited)),
    faults,
    region: state.region,
    close: () => {
      closing ??= close();
      return closing;
    },
  };

  async function close(): Promise<void> {
    state.signals.close();
    state.stop.abort();
    await housekeeping.stop();
    await Promise.all(state.background);
    await (options.storage ? state.storage.settled() : state.storage.close());
  }
}

async function execute(state: State, operation: string, body: object, limited?: LimitedAccess): Promise<Body> {
  const work = isOperation(operation) ? operations[operation] : undefined;
  if (!work) throw new RequestFailure('com.amazon.coral.service#UnknownOperationException', '');
  try {
    const opening = state.storage.readable();
    if (opening) await opening;
    const seen = limited ? limitAccess(state, operation, body, limited) : state;
    return await work(seen, checkRequest(operation, body));
  } catch (error) {
    const failure = toRequestFailure(error);
    if (!failure) throw error;
    // The failure may be the result of a write that is not durable yet. The caller may rely on that write.
    await state.storage.settled();
    throw failure;
  }
}
