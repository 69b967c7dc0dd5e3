import type { State } from '../state/state.ts';
import { findShardPlace } from '../streams/iterator.ts';

/** An action on a table, as in an IAM policy. The parts of a transaction have actions of their own. */
export interface TableAction {
  readonly action: string;
  readonly table: string;
}

type Body = Readonly<Record<string, unknown>>;
type Catalogue = Pick<State['catalogue'], 'tables' | 'findStream' | 'findStreamByArn'>;
type NameTables = (body: Body, catalogue: Catalogue) => readonly unknown[];

const byName: NameTables = ({ TableName }) => [TableName];
const byRequestItems: NameTables = ({ RequestItems }) => Object.keys(toObject(RequestItems));
const byTableArn: NameTables = ({ ResourceArn }, catalogue) => [
  catalogue.tables().find(({ description }) => description.TableArn === ResourceArn)?.description.TableName,
];
const byStreamArn: NameTables = ({ StreamArn }, catalogue) => [catalogue.findStreamByArn(StreamArn)?.tableName];
const byIterator: NameTables = ({ ShardIterator }, catalogue) => [
  catalogue.findStream(findShardPlace(String(ShardIterator))?.streamId)?.tableName,
];

/** How each operation names its tables, but for transactions. */
const namings: Readonly<Record<string, NameTables>> = {
  BatchGetItem: byRequestItems,
  BatchWriteItem: byRequestItems,
  CreateTable: byName,
  DeleteItem: byName,
  DeleteTable: byName,
  DescribeStream: byStreamArn,
  DescribeTable: byName,
  DescribeTimeToLive: byName,
  GetItem: byName,
  GetRecords: byIterator,
  GetShardIterator: byStreamArn,
  ListStreams: byName,
  ListTables: () => [],
  ListTagsOfResource: byTableArn,
  PutItem: byName,
  Query: byName,
  Scan: byName,
  TagResource: byTableArn,
  UntagResource: byTableArn,
  UpdateItem: byName,
  UpdateTable: byName,
  UpdateTimeToLive: byName,
};

/** The action of each kind of part. */
const partActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

/**
 * Returns what a request wants to do with which tables, also if the request is invalid. What does not name a table is
 * left out: the operation itself refuses it, or concerns no table.
 *
 * @returns nothing if it is not known how the operation names tables
 */
export function findTableActions(
  operation: string,
  body: object,
  catalogue: Catalogue,
): readonly TableAction[] | undefined {
  const request = toObject(body);
  if (operation === 'TransactGetItems' || operation === 'TransactWriteItems')
    return toArray(request.TransactItems).flatMap(toPartActions);
  const naming = Object.hasOwn(namings, operation) ? namings[operation] : undefined;
  return naming?.(request, catalogue).flatMap((table) => toAction(operation, table));
}

const toPartActions = (item: unknown): readonly TableAction[] =>
  Object.entries(toObject(item)).flatMap(([kind, part]) =>
    toAction(partActions[kind] ?? kind, toObject(part).TableName),
  );

const toAction = (action: string, table: unknown): readonly TableAction[] =>
  typeof table === 'string' ? [{ action, table }] : [];

/** A member of the wrong type names no table. */
const toObject = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};

const toArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
