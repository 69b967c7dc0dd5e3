import db from 'dynalite/db/index.js';
import { type AppliedUpdate, applyUpdate } from '../dynalite/apply-update.ts';
import { type CheckedRequest, maxItemBytes } from '../dynalite/requests.ts';
import type { State } from '../engine/state.ts';
import { conditionalCheckFailure, toRequestFailure, validationFailure } from '../failure.ts';
import { itemKey, keys } from '../level/keys.ts';
import { indexesOf, type Table } from '../tables/table.ts';
import type { Item } from '../values.ts';
import type { ItemChange } from './item-change.ts';
import { itemSize } from './item-size.ts';

/** What a write makes of its item, decided on the latest state and not applied yet. */
export interface EvaluatedWrite {
  readonly change: ItemChange;
  /** What `ReturnValues` asks for. */
  readonly attributes?: Item;
}

type Evaluate = (state: State, request: CheckedRequest) => EvaluatedWrite;

/** @throws RequestFailure, or what `toRequestFailure` makes of it, for every reason to refuse */
export const evaluatePut: Evaluate = (state, request) => {
  const table = state.catalogue.get(request.TableName);
  // Checked by the operation's types.
  const item = request.Item as Item;
  refuse(db.validateItem(item, table.description));
  checkItem(item, table, 'Item size has exceeded the maximum allowed size');
  const key = itemKey(item, table);
  const old = readLatest(state, table, key);
  checkCondition(request, old);
  return {
    change: { table, key, old, next: item },
    ...(request.ReturnValues === 'ALL_OLD' && old ? { attributes: old } : {}),
  };
};

export const evaluateDelete: Evaluate = (state, request) => {
  const { table, key, old } = locate(state, request);
  checkCondition(request, old);
  return {
    change: { table, key, old, next: undefined },
    ...(request.ReturnValues === 'ALL_OLD' && old ? { attributes: old } : {}),
  };
};

export const evaluateUpdate: Evaluate = (state, request) => {
  const { table, key, old } = locate(state, request);
  const { item, attributes } = applyChecked(table, request, old);
  checkItem(item, table, 'Item size to update has exceeded the maximum allowed size');
  const hasAttributes = attributes !== undefined && Object.keys(attributes).length > 0;
  return { change: { table, key, old, next: item }, ...(hasAttributes ? { attributes } : {}) };
};

/** The rules of keys and paths come before the condition, as in DynamoDB; what a condition's failure shows is ours. */
function applyChecked(table: Table, request: CheckedRequest, old: Item | undefined): AppliedUpdate {
  try {
    return applyUpdate(table.description, request, old);
  } catch (error) {
    if (toRequestFailure(error)?.type.endsWith('#ConditionalCheckFailedException')) checkCondition(request, old);
    throw error;
  }
}

/** A condition of a transaction, which leaves its item as it is. */
export const evaluateCheck: Evaluate = (state, request) => {
  const { table, key, old } = locate(state, request);
  checkCondition(request, old);
  return { change: { table, key, old, next: old } };
};

function locate(state: State, request: CheckedRequest): { table: Table; key: string; old: Item | undefined } {
  const table = state.catalogue.get(request.TableName);
  // Checked by the operation's types.
  const ownKey = request.Key as Item;
  refuse(db.validateKey(ownKey, table.description));
  const key = itemKey(ownKey, table);
  return { table, key, old: readLatest(state, table, key) };
}

export function readLatest({ storage }: State, table: Table, key: string): Item | undefined {
  const text = storage.latest(keys.row(table.id, key));
  // Written by `planChange` only.
  return text === undefined ? undefined : (JSON.parse(text) as Item);
}

function checkCondition(request: CheckedRequest, old: Item | undefined): void {
  const failure = db.checkConditional(request, old);
  if (!failure) return;
  const shows = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old !== undefined;
  throw conditionalCheckFailure(failure.message, shows ? { Item: old } : {});
}

function checkItem(item: Item, table: Table, tooLarge: string): void {
  if (itemSize(item) > maxItemBytes) throw validationFailure(tooLarge);
  for (const { name, schema } of indexesOf(table))
    for (const { AttributeName } of schema) {
      const value = item[AttributeName];
      if (value?.S === '' || value?.B === '') {
        const kind = value.S === '' ? 'string' : 'binary';
        throw validationFailure(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${name}, IndexKey: ${AttributeName}`,
        );
      }
    }
}

export function refuse(failure: Error | null | undefined): void {
  if (failure) throw failure;
}
