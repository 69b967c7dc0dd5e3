import { plainItemSize, plainValueSize } from '../items/plain-value.ts';
import { memberOf } from '../members.ts';
import { type CheckedRequest, maxItemBytes } from './checked-request.ts';

type IsPlain = (member: unknown) => boolean;

const isText: IsPlain = (member) => typeof member === 'string';
const isFlag: IsPlain = (member) => typeof member === 'boolean';
const isOneOf =
  (...options: readonly string[]): IsPlain =>
  (member) =>
    options.includes(member as string);
const isTableName: IsPlain = (member) => typeof member === 'string' && /^[a-zA-Z0-9_.-]{3,255}$/.test(member);
/** Items and keys are measured afterwards. */
const isAny: IsPlain = () => true;

function isNames(member: unknown): boolean {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return false;
  // Every member is looked at, so its type does not matter.
  for (const name in member) if (typeof (member as Record<string, unknown>)[name] !== 'string') return false;
  return true;
}

function isValues(member: unknown): boolean {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return false;
  // Every member is looked at, so its type does not matter.
  for (const name in member) if (Number.isNaN(plainValueSize((member as Record<string, unknown>)[name]))) return false;
  return true;
}

/** dynalite's parser does not know NOT NOT. */
const isCondition: IsPlain = (member) => typeof member === 'string' && !/not\s+not/i.test(member);

const write = {
  TableName: isTableName,
  ConditionExpression: isCondition,
  ExpressionAttributeNames: isNames,
  ExpressionAttributeValues: isValues,
  ReturnConsumedCapacity: isOneOf('INDEXES', 'TOTAL', 'NONE'),
  ReturnValues: isOneOf('ALL_OLD', 'NONE'),
  ReturnValuesOnConditionCheckFailure: isOneOf('ALL_OLD', 'NONE'),
};
const update = isOneOf('ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW');

/** The members of the usual requests, and what their values must be. */
const plainMembers: Readonly<Record<string, Readonly<Record<string, IsPlain>>>> = {
  PutItem: { ...write, Item: isAny },
  DeleteItem: { ...write, Key: isAny },
  UpdateItem: { ...write, Key: isAny, UpdateExpression: isText, ReturnValues: update },
  GetItem: {
    TableName: isTableName,
    Key: isAny,
    ConsistentRead: isFlag,
    ProjectionExpression: isText,
    ExpressionAttributeNames: isNames,
    ReturnConsumedCapacity: write.ReturnConsumedCapacity,
  },
};

const required: Readonly<Record<string, readonly string[]>> = {
  PutItem: ['TableName'],
  DeleteItem: ['TableName'],
  UpdateItem: ['TableName', 'UpdateExpression'],
  GetItem: ['TableName'],
};

/**
 * Returns the size of the item or key of a request that is certainly valid, apart from its expressions: it has only
 * usual members with values of the right types, in the form in which they are stored. dynalite's checks of types take
 * several times as long, and would find nothing. All other requests need those checks, also for their messages.
 */
export function measurePlainRequest(operation: string, request: CheckedRequest): number | undefined {
  const members = plainMembers[operation];
  if (!members) return undefined;
  for (const name in request) if (memberOf(members, name)?.(request[name]) !== true) return undefined;
  for (const name of required[operation] ?? []) if (request[name] === undefined) return undefined;
  const bytes = plainItemSize(operation === 'PutItem' ? request.Item : request.Key);
  return bytes <= maxItemBytes && hasUseForPlaceholders(request) ? bytes : undefined;
}

/** Names and values without an expression that can use them are an error. */
function hasUseForPlaceholders(request: CheckedRequest): boolean {
  const canUseValues = request.ConditionExpression !== undefined || request.UpdateExpression !== undefined;
  if (request.ExpressionAttributeValues !== undefined && !canUseValues) return false;
  return request.ExpressionAttributeNames === undefined || canUseValues || request.ProjectionExpression !== undefined;
}
