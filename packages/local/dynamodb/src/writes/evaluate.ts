import db from 'dynalite/db/index.js';
import { applyOlderUpdate } from '../dynalite/apply-older-update.ts';
import { type CheckedRequest, maxItemBytes } from '../dynalite/checked-request.ts';
import { type Condition, meets } from '../expressions/condition.ts';
import { type DocumentPath, projectItem } from '../expressions/document-path.ts';
import { type Action, updateItem } from '../expressions/update.ts';
import { conditionalCheckFailure, validationFailure } from '../failure.ts';
import { itemSize } from '../items/item-size.ts';
import { itemKey, keys } from '../level/keys.ts';
import { memberOf, withoutInherited } from '../members.ts';
import { hasPlainKeys, isPlainKeyOf } from '../schema/key-attributes.ts';
import { indexesOf, keyNamesOf, type Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import type { AttributeValue, Item } from '../values.ts';
import type { ItemChange } from './item-change.ts';

/** The result of a write, decided on the latest state of its item and not applied yet. */
export interface EvaluatedWrite {
  readonly change: ItemChange;
  /** The attributes that `ReturnValues` asks for. */
  readonly attributes?: Item;
}

type Evaluate = (state: State, request: CheckedRequest) => EvaluatedWrite;

/** @throws RequestFailure, or an error that `toRequestFailure` converts, if the write is rejected */
export const evaluatePut: Evaluate = (state, request) => {
  const table = state.catalogue.get(request.TableName);
  // Checked by the operation's types.
  const item = request.Item as Item;
  const bytes = (request._bytes as number | undefined) ?? itemSize(item);
  if (!hasPlainKeys(item, table)) {
    refuse(db.validateItem(withoutInherited(item), table.description));
    checkKeySizes(item, table);
  }
  checkItem(item, table, { bytes, tooLarge: 'Item size has exceeded the maximum allowed size' });
  const key = itemKey(item, table);
  const old = readLatest(state, table, key);
  checkCondition(request, old);
  return {
    change: { table, key, old, next: item, nextBytes: bytes },
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

/** Checks keys and paths first, then the condition, and then the result of the update. */
export const evaluateUpdate: Evaluate = (state, request) => {
  const { table, key, old } = locate(state, request);
  const update = request._updates as ParsedUpdate | undefined;
  refuse(db.validateUpdates(request.AttributeUpdates, update, table.description));
  checkCondition(request, old);
  const item = update
    ? updated(table, request, { update, old })
    : applyOlderUpdate(table.description, request, old && withoutInherited(old));
  const attributes = attributesOf(request, { old, item });
  const bytes = itemSize(item);
  checkItem(item, table, { bytes, tooLarge: 'Item size to update has exceeded the maximum allowed size' });
  const hasAttributes = attributes !== undefined && Object.keys(attributes).length > 0;
  return { change: { table, key, old, next: item, nextBytes: bytes }, ...(hasAttributes ? { attributes } : {}) };
};

/** A parsed update expression, and all paths that it changes. */
interface ParsedUpdate {
  readonly sections: readonly Action[];
  readonly paths: readonly DocumentPath[];
}

function updated(
  table: Table,
  { Key }: CheckedRequest,
  { update: { sections, paths }, old }: { readonly update: ParsedUpdate; readonly old: Item | undefined },
): Item {
  // Checked by the operation's types.
  const item = updateItem(old ?? (Key as Item), sections);
  checkIndexKeys(item, table, new Set(paths.map(([name]) => name)));
  return item;
}

/** Returns the attributes that `ReturnValues` asks for. */
function attributesOf(
  request: CheckedRequest,
  { old, item }: { readonly old: Item | undefined; readonly item: Item },
): Item | undefined {
  switch (request.ReturnValues) {
    case 'ALL_OLD':
      return old;
    case 'ALL_NEW':
      return item;
    case 'UPDATED_OLD':
      return projectItem(old ?? {}, updatedPaths(request, true));
    case 'UPDATED_NEW':
      return projectItem(item, updatedPaths(request, false));
    default:
      return undefined;
  }
}

/** Returns the paths that an update changes, with or without those that an expression removes. */
function updatedPaths({ _updates, AttributeUpdates }: CheckedRequest, withRemoved: boolean): readonly DocumentPath[] {
  const update = _updates as ParsedUpdate | undefined;
  if (!update) return Object.keys((AttributeUpdates as object | undefined) ?? {}).map((name) => [name]);
  if (withRemoved) return update.paths;
  return update.sections.filter(({ type }) => type !== 'remove').map(({ path }) => path);
}

function checkIndexKeys(item: Item, { description }: Table, changed: ReadonlySet<string>): void {
  const schemas = [...(description.GlobalSecondaryIndexes ?? []), ...(description.LocalSecondaryIndexes ?? [])];
  const indexed = new Set(schemas.flatMap(({ KeySchema }) => keyNamesOf(KeySchema)));
  for (const { AttributeName, AttributeType } of description.AttributeDefinitions) {
    const value = indexed.has(AttributeName) && changed.has(AttributeName) ? memberOf(item, AttributeName) : undefined;
    if (value?.S === '' || value?.B === '')
      throw validationFailure(
        `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${value.S === '' ? 'string' : 'binary'} value.`,
      );
    if (value !== undefined && value[AttributeType] === undefined)
      throw validationFailure('The update expression attempted to update the secondary index key to unsupported type');
  }
}

/** Evaluates a condition check of a transaction, which does not change its item. */
export const evaluateCheck: Evaluate = (state, request) => {
  const { table, key, old } = locate(state, request);
  checkCondition(request, old);
  return { change: { table, key, old, next: old } };
};

function locate(state: State, request: CheckedRequest): { table: Table; key: string; old: Item | undefined } {
  const table = state.catalogue.get(request.TableName);
  // Checked by the operation's types.
  const ownKey = request.Key as Item;
  if (!isPlainKeyOf(ownKey, table)) {
    refuse(db.validateKey(withoutInherited(ownKey), table.description));
    checkKeySizes(ownKey, table);
  }
  const key = itemKey(ownKey, table);
  return { table, key, old: readLatest(state, table, key) };
}

/** Returns the item after the last write, even if that is not durable yet. Nobody may modify it. */
export function readLatest({ storage, rows, filter }: State, table: Table, key: string): Item | undefined {
  const row = keys.row(table.id, key);
  if (!filter.mayHave(table, row)) return undefined;
  const known = rows.find(row);
  if (known) return known.item;
  const text = storage.latest(row);
  // Only `planChange` writes these rows.
  return text === undefined ? undefined : (JSON.parse(text) as Item);
}

function checkCondition(request: CheckedRequest, old: Item | undefined): void {
  const parsed = request._condition as { readonly expression: Condition } | undefined;
  const failed = parsed
    ? !meets(old ?? {}, parsed.expression)
    : Boolean(db.checkConditional(request, old && withoutInherited(old)));
  if (!failed) return;
  const shows = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old !== undefined;
  throw conditionalCheckFailure('The conditional request failed', shows ? { Item: old } : {});
}

const maxHashBytes = 2_048;
const maxRangeBytes = 1_024;

/** Checks key sizes in bytes, as DynamoDB does. dynalite counts characters. */
function checkKeySizes(item: Item, { description: { KeySchema } }: Table): void {
  for (const { AttributeName, KeyType } of KeySchema) {
    const bytes = Buffer.byteLength(memberOf(item, AttributeName)?.S ?? '');
    if (KeyType === 'HASH' && bytes > maxHashBytes)
      throw validationFailure(
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      );
    if (KeyType === 'RANGE' && bytes > maxRangeBytes)
      throw validationFailure(
        'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
      );
  }
}

function checkItem(
  item: Item,
  table: Table,
  { bytes, tooLarge }: { readonly bytes: number; readonly tooLarge: string },
): void {
  if (bytes > maxItemBytes) throw validationFailure(tooLarge);
  for (const { name, schema } of indexesOf(table))
    for (const { AttributeName } of schema) {
      const value = memberOf(item, AttributeName);
      if (value) refuseEmptyKey(value, AttributeName, name);
    }
}

/** @throws RequestFailure if the value is empty; `index` is the index to name in the message */
export function refuseEmptyKey(value: AttributeValue, name: string, index: string | undefined): void {
  if (value.S !== '' && value.B !== '') return;
  const kind = value.S === '' ? 'string' : 'binary';
  const [where, key] =
    index === undefined
      ? ['', `Key: ${name}`]
      : [' A value specified for a secondary index key is not supported.', `IndexName: ${index}, IndexKey: ${name}`];
  throw validationFailure(
    `One or more parameter values are not valid.${where} The AttributeValue for a key attribute cannot contain an empty ${kind} value. ${key}`,
  );
}

export function refuse(failure: Error | null | undefined): void {
  if (failure) throw failure;
}
