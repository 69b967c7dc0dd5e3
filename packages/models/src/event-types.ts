import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type EventType, type EventTypeQuery, type EventTypeRepository, isShownWith } from '@posthorn/core';
import dynamoose from 'dynamoose';
import { createModel, type Model } from './dynamoose/create-model.ts';
import { createModelSliceReader, type ModelQuery } from './dynamoose/model-slice.ts';
import { eventTypeAttributes, readEventType, toEventTypeRow } from './event-types/event-type-row.ts';
import { defaultMaxRowsRead, type ReadSlice, readPage } from './paging/read-page.ts';
import { textOf, toItem } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** The table of event types. */
export interface EventTypeStore extends Store {
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
}

/** DynamoDB accepts at most this many keys in one BatchGetItem. */
const maxBatchKeys = 100;
/** Sorts before and after every possible name. */
const allNames = { from: ' ', to: '~' };

/** Event types in DynamoDB. */
export function createEventTypeRepository({
  maxRowsRead = defaultMaxRowsRead,
  ...store
}: EventTypeStore): EventTypeRepository {
  const model = createModel(store, 'event-types', eventTypeAttributes);
  return {
    insert: async (eventType) => {
      const isFree = new dynamoose.Condition('name').not().exists().or().where('archived').eq(true);
      const { refused } = await tryConditionalWrite(
        model.create(toEventTypeRow(eventType), { overwrite: true, condition: isFree }),
      );
      return refused ? 'exists' : 'inserted';
    },
    find: async (organisationId, name) => {
      const item = await model.get({ organisationId, name }, { consistent: true });
      // Dynamoose returns undefined if there is no row, but its type does not say so.
      return item && readEventType(item.toJSON());
    },
    findAll: async (organisationId, names) => {
      const distinct = [...new Set(names)];
      const found: EventType[] = [];
      for (let start = 0; start < distinct.length; start += maxBatchKeys) {
        const keys = distinct.slice(start, start + maxBatchKeys).map((name) => ({ organisationId, name }));
        found.push(...(await findBatch(model, keys)));
      }
      return found;
    },
    list: (organisationId, query) => {
      const sources = [createSource(model, organisationId, query)];
      return readPage({ sources, range: allNames, keyOf: ({ name }) => name }, { ...query, maxRowsRead });
    },
    update: async (next, previous) => {
      const { organisationId, name, createdAt, revision } = previous;
      const row = toEventTypeRow({ ...next, organisationId, name, createdAt, revision: revision + 1 });
      const { refused } = await tryConditionalWrite(
        model.create(row, { overwrite: true, condition: isUnchanged(previous) }),
      );
      return refused ? 'stale' : 'updated';
    },
    delete: async (organisationId, name) => {
      const command = new DeleteItemCommand({
        TableName: tableName(store.stage, 'event-types'),
        Key: toItem({ organisationId, name }),
        ConditionExpression: 'attribute_exists(organisationId)',
      });
      const { refused } = await tryConditionalWrite(store.client.send(command));
      return refused ? 'absent' : 'deleted';
    },
  };
}

/** An event type that was replaced has the first revision again, but another time of creation. */
function isUnchanged({ createdAt, revision }: EventType) {
  const condition = new dynamoose.Condition('createdAt').eq(createdAt.toISOString()).and().where('revision');
  return revision === 0 ? condition.not().exists() : condition.eq(revision);
}

/** Reads the event types of an organisation that a query asks for. Rows that it does not show count as read. */
function createSource(
  model: Model,
  organisationId: string,
  { includeArchived, heldFlags }: EventTypeQuery,
): ReadSlice<EventType> {
  const filter = includeArchived ? {} : { filter: onlyLive };
  const read = createModelSliceReader(model, { table: 'event-types', partition: organisationId, ...filter });
  return async (range, walk) => {
    const { rows, ...end } = await read(range, walk);
    return { ...end, rows: rows.map(readEventType).filter((eventType) => isShownWith(heldFlags, eventType)) };
  };
}

const onlyLive = (query: ModelQuery): ModelQuery => query.filter('archived').eq(false);

type EventTypeKey = Record<'organisationId' | 'name', string>;

async function findBatch(model: Model, keys: readonly EventTypeKey[]): Promise<readonly EventType[]> {
  const found = await model.batchGet([...keys], { consistent: true });
  const eventTypes = found.map((item) => readEventType(item.toJSON()));
  const unread = found.unprocessedKeys.map((key) => ({
    organisationId: textOf(key, 'organisationId'),
    name: textOf(key, 'name'),
  }));
  return unread.length === 0 ? eventTypes : [...eventTypes, ...(await findBatch(model, unread))];
}
