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
import { findBadOperand, findBadSource } from '../expressions/check-operands.ts';
import type { Condition } from '../expressions/condition.ts';
import type { Action } from '../expressions/update.ts';
import { validationFailure } from '../failure.ts';
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

/** Changes of a table that dynalite knows nothing of. */
const ownChanges = ['StreamSpecification', 'DeletionProtectionEnabled'];

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
      { ...request, UpdateStreamEnabled: ownChanges.some((name) => request[name] !== undefined) } as never,
      store,
    )) as Rules['custom'] & {},
};

/** dynalite takes segment 0 for none. */
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

/** The rules of every operation, by its name: dynalite's, with what it lacks. */
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
  const request = withoutDoubleNot(validations.checkTypes(body, types));
  validations.checkValidations(request, types, custom, limits);
  checkOperands(request);
  return request;
}

/** Checks one part of a transaction as if it were a request of its own, without its types, which were checked before. */
export function checkPart(operation: Operation, part: object): CheckedRequest {
  const { custom } = rulesOf(operation);
  const request = withoutDoubleNot(part);
  validations.checkValidations(request, {}, custom, limits);
  checkOperands(request);
  return request;
}

/** NOT NOT, which dynalite's parser does not know, says nothing. A reserved word is no name, so it stands for nothing else. */
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

/** @throws RequestFailure for what the parsers do not see */
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
