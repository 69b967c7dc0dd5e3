import db from 'dynalite/db/index.js';
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
import './compare.ts';
import './parse-cache.ts';
import { findBadOperand, findBadSource } from '../expressions/check-operands.ts';
import type { Condition } from '../expressions/condition.ts';
import type { Action } from '../expressions/update.ts';
import { validationFailure } from '../failure.ts';
import { checkTypes, type Types } from './check-types.ts';
import { type CheckedRequest, maxItemBytes } from './checked-request.ts';
import { measurePlainRequest } from './plain-requests.ts';
import * as ours from './request-types.ts';

interface Rules {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: (request: never, store: unknown) => string | undefined | null;
}

const onFailure = { ReturnValuesOnConditionCheckFailure: ours.returnValuesOnFailure };
const withTypes = (rules: Rules, types: Rules['types']): Rules => ({ ...rules, types: { ...rules.types, ...types } });

/** Makes the throughput of a new index optional, because an index of an on-demand table has none. */
function withoutThroughput(updates: unknown): unknown {
  // The notation of dynalite.
  const types = structuredClone(updates) as {
    children: { children: { Create: { children: { ProvisionedThroughput: { notNull?: true } } } } };
  };
  delete types.children.children.Create.children.ProvisionedThroughput.notNull;
  return types;
}

/** Changes of a table that dynalite does not know. */
const ownChanges = ['StreamSpecification', 'DeletionProtectionEnabled'];

/**
 * dynalite's rules with more members. They accept a request that changes only the stream or the deletion protection.
 */
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
      { ...request, UpdateStreamEnabled: ownChanges.some((name) => request[name] !== undefined) } as never,
      store,
    )) as Rules['custom'] & {},
};

/** dynalite treats segment 0 as no segment. */
const scanRules: Rules = {
  ...scan,
  custom: ((request: Record<string, unknown>, store: unknown) =>
    request.Segment !== undefined && request.TotalSegments === undefined
      ? 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present'
      : scan.custom?.(request as never, store)) as Rules['custom'] & {},
};

const deleteRules: Rules = {
  ...deleteItem,
  custom: ((request: Record<string, unknown>, store: unknown) =>
    ['NONE', 'ALL_OLD', undefined].includes(request.ReturnValues as string | undefined)
      ? deleteItem.custom?.(request as never, store)
      : 'ReturnValues can only be ALL_OLD or NONE') as Rules['custom'] & {},
};

/** The rules of every operation by name: those of dynalite with additions. */
const rules: Readonly<Record<string, Rules>> = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: withTypes(createTable, { ...ours.streamSpecification, ...ours.tableOptions, ...ours.tags }),
  DeleteItem: withTypes(deleteRules, onFailure),
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: withTypes(putItem, onFailure),
  Query: query,
  Scan: scanRules,
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

/** The names of all operations. */
export const operationNames: readonly Operation[] = Object.keys(rules);

export const isOperation = (name: string): name is Operation => Object.hasOwn(rules, name);

const account = '000000000000';
/** The part of a store that dynalite's rules read. */
const limits = { options: { maxItemSize: maxItemBytes }, tableDb: { awsAccountId: account, awsRegion: 'us-east-1' } };

/**
 * Checks a request against the rules of its operation.
 *
 * @throws an error that `toRequestFailure` converts
 */
export function checkRequest(operation: Operation, body: object): CheckedRequest {
  // An object without a prototype of its own, from JSON or a copy.
  const plain = body as CheckedRequest;
  const bytes = measurePlainRequest(operation, plain);
  if (bytes !== undefined) return withExpressions({ ...plain, _bytes: bytes });
  const { types, custom } = rulesOf(operation);
  // The rules are in dynalite's notation.
  const request = withoutDoubleNot(checkTypes(body, types as Types));
  validations.checkValidations(request, types, custom, limits);
  checkOperands(request);
  return request;
}

/** Checks and parses the expressions of a plain request. */
function withExpressions(request: CheckedRequest): CheckedRequest {
  // It adds the parsed expressions.
  const problem = validations.validateExpressions(request);
  if (problem) throw db.validationError(problem);
  checkOperands(request);
  return request;
}

/** Checks a part of a transaction as a separate request. Its types were already checked. */
export function checkPart(operation: Operation, part: object): CheckedRequest {
  const { custom } = rulesOf(operation);
  const request = withoutDoubleNot(part);
  validations.checkValidations(request, {}, custom, limits);
  checkOperands(request);
  return request;
}

/** dynalite's parser does not know NOT NOT, so it is removed. NOT is a reserved word, so the match cannot be a name. */
const doubleNot = /(?<![\w#:.])NOT\s+NOT(?!\w)/gi;

function withoutDoubleNot(request: object): CheckedRequest {
  const changed: CheckedRequest = { ...request };
  for (const name of ['ConditionExpression', 'FilterExpression']) {
    const expression = changed[name];
    if (typeof expression === 'string') changed[name] = expression.replaceAll(doubleNot, '');
  }
  return changed;
}

const conditions = { _condition: 'Condition', _keyCondition: 'KeyCondition', _filter: 'Filter' };

/** @throws RequestFailure for invalid operands that dynalite's parsers accept */
function checkOperands(request: CheckedRequest): void {
  for (const [member, kind] of Object.entries(conditions)) {
    const parsed = request[member] as { readonly expression: Condition } | undefined;
    const problem = parsed && findBadOperand(parsed.expression);
    if (problem !== undefined) throw validationFailure(`Invalid ${kind}Expression: ${problem}`);
  }
  const update = request._updates as { readonly sections: readonly Action[] } | undefined;
  const problem = update && findBadSource(update.sections);
  if (problem !== undefined) throw validationFailure(`Invalid UpdateExpression: ${problem}`);
}

function rulesOf(operation: Operation): Rules {
  const found = rules[operation];
  if (!found) throw new RangeError(`no rules for ${operation}`);
  return found;
}
