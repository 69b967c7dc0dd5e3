import batchGetItem from 'dynalite/validations/batchGetItem.js';
import batchWriteItem from 'dynalite/validations/batchWriteItem.js';
import createTable from 'dynalite/validations/createTable.js';
import deleteItem from 'dynalite/validations/deleteItem.js';
import deleteTable from 'dynalite/validations/deleteTable.js';
import describeTable from 'dynalite/validations/describeTable.js';
import describeTimeToLive from 'dynalite/validations/describeTimeToLive.js';
import getItem from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTables from 'dynalite/validations/listTables.js';
import listTagsOfResource from 'dynalite/validations/listTagsOfResource.js';
import putItem from 'dynalite/validations/putItem.js';
import query from 'dynalite/validations/query.js';
import scan from 'dynalite/validations/scan.js';
import tagResource from 'dynalite/validations/tagResource.js';
import untagResource from 'dynalite/validations/untagResource.js';
import updateItem from 'dynalite/validations/updateItem.js';
import updateTable from 'dynalite/validations/updateTable.js';
import * as ours from './request-types.ts';

/** The largest item, in bytes, names included. */
export const maxItemBytes = 400 * 1_024;

/** A request as its operation's rules left it: known members only, expressions parsed (`_condition`, `_updates`, …). */
export type CheckedRequest = Record<string, unknown>;

interface Rules {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: (request: never, store: unknown) => string | undefined | null;
}

const onFailure = { ReturnValuesOnConditionCheckFailure: ours.returnValuesOnFailure };
const withTypes = (rules: Rules, types: Rules['types']): Rules => ({ ...rules, types: { ...rules.types, ...types } });

/** An index of a table that is paid by request has no throughput of its own. */
function withoutThroughput(updates: unknown): unknown {
  // dynalite's own notation.
  const types = structuredClone(updates) as {
    children: { children: { Create: { children: { ProvisionedThroughput: { notNull?: true } } } } };
  };
  delete types.children.children.Create.children.ProvisionedThroughput.notNull;
  return types;
}

/** What dynalite knows nothing of that its rules refuse: a change of the stream alone is a change. */
const updateTableRules: Rules = {
  types: {
    ...updateTable.types,
    GlobalSecondaryIndexUpdates: withoutThroughput(updateTable.types.GlobalSecondaryIndexUpdates),
    ...ours.streamSpecification,
    ...ours.attributeDefinitions,
    ...ours.tableOptions,
  },
  custom: ((request: Record<string, unknown>, store: unknown) =>
    updateTable.custom?.(
      { ...request, UpdateStreamEnabled: request.StreamSpecification ?? request.DeletionProtectionEnabled } as never,
      store,
    )) as Rules['custom'] & {},
};

/** The rules of every operation, by its name: dynalite's, with what it lacks. */
const rules: Readonly<Record<string, Rules>> = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: withTypes(createTable, { ...ours.streamSpecification, ...ours.tableOptions, ...ours.tags }),
  DeleteItem: withTypes(deleteItem, onFailure),
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: withTypes(putItem, onFailure),
  Query: query,
  Scan: scan,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateItem: withTypes(updateItem, onFailure),
  UpdateTable: updateTableRules,
  UpdateTimeToLive: { types: ours.updateTimeToLive },
  TransactGetItems: { types: ours.transactGetItems },
  TransactWriteItems: { types: ours.transactWriteItems },
  ListStreams: { types: ours.listStreams },
  DescribeStream: { types: ours.describeStream },
  GetShardIterator: { types: ours.getShardIterator },
  GetRecords: { types: ours.getRecords },
};

export type Operation = keyof typeof rules & string;

export const isOperation = (name: string): name is Operation => Object.hasOwn(rules, name);

const account = '000000000000';
/** What dynalite's rules read of its store. */
const limits = { options: { maxItemSize: maxItemBytes }, tableDb: { awsAccountId: account, awsRegion: 'us-east-1' } };

/**
 * Checks a request by its operation's rules.
 *
 * @throws an error that `toRequestFailure` knows
 */
export function checkRequest(operation: Operation, body: object): CheckedRequest {
  const { types, custom } = rulesOf(operation);
  const request = validations.checkTypes(body, types);
  validations.checkValidations(request, types, custom, limits);
  return request;
}

/** Checks one part of a transaction as if it were a request of its own, without its types, which were checked before. */
export function checkPart(operation: Operation, part: object): CheckedRequest {
  const { custom } = rulesOf(operation);
  validations.checkValidations(part, {}, custom, limits);
  return part as CheckedRequest;
}

function rulesOf(operation: Operation): Rules {
  const found = rules[operation];
  if (!found) throw new RangeError(`no rules for ${operation}`);
  return found;
}
