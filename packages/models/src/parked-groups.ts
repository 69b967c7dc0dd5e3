import { type AttributeValue, DeleteItemCommand, QueryCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type AttemptRetention,
  type Delivery,
  defaultAttemptRetention,
  type GroupKey,
  type GroupWrite,
  isId,
  type ParkedGroupRepository,
  type ParkedRow,
  parkedReasonOf,
  reasonOf,
  type StoredDelivery,
} from '@posthorn/core';
import { lineOfGroup, readStoredDelivery, toDeliveryRow } from './deliveries/delivery-row.ts';
import { toDueWakeRow } from './due-deliveries/due-wake-row.ts';
import { findNextRetry, listBlocked, listGroupsOf } from './parked-groups/find-groups.ts';
import { groupKey, readGroup, toChangeAttributes, toGroupRow } from './parked-groups/group-row.ts';
import { createPlaceholders } from './rows/placeholders.ts';
import { textOf, toItem, toRow } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';

/** The table of groups that wait or are blocked. Their deliveries are rows of the table of deliveries. */
export interface ParkedGroupStore extends Store {
  readonly retention?: AttemptRetention;
}

/** Parked groups in DynamoDB. What must not be without each other is written in one transaction. */
export function createParkedGroupRepository(store: ParkedGroupStore): ParkedGroupRepository {
  const { client, stage } = store;
  const groups = tableName(stage, 'groups');
  const deliveries = tableName(stage, 'deliveries');
  const beside = (write: GroupWrite) => [...headOf(store, write), ...wakeOf(store, write)];

  return {
    find: async (key) => {
      const row = await getRow(store, { tableName: groups, key: groupKey(key) });
      return row && readGroup(row);
    },
    open: async (write) => {
      const Item = toItem(toGroupRow(write.owner, write.to, write.now));
      const put = { Put: { TableName: groups, Item, ConditionExpression: 'attribute_not_exists(endpointId)' } };
      return outcomeOf(await transact(store, [put, ...beside(write)]));
    },
    move: async (write) => {
      const { from, owner, to, now } = write;
      const update = updateGroup({
        groups,
        key: groupKey(owner),
        from,
        attributes: toChangeAttributes(owner, to, now),
      });
      return outcomeOf(await transact(store, [update, ...beside(write)]));
    },
    park: async ({ group, place, delivery, now }) => {
      const count = {
        Update: {
          TableName: groups,
          Key: toItem(groupKey({ endpointId: delivery.endpointId, group })),
          UpdateExpression: 'ADD parks :one',
          ConditionExpression: 'attribute_exists(endpointId)',
          ExpressionAttributeValues: toItem({ ':one': 1 }),
        },
      };
      const row = parkedRow({ group, place, delivery, now }, 'behind');
      const unmet = await transact(store, [count, putParked(store, row, { unlessPresent: true })]);
      // Its row may be there already: a worker died after it had parked it.
      return unmet.includes(0) ? 'refused' : 'done';
    },
    delete: async (key, { epoch, parks }) => {
      const { refused } = await tryConditionalWrite(
        client.send(
          new DeleteItemCommand({
            TableName: groups,
            Key: toItem(groupKey(key)),
            ConditionExpression: 'epoch = :epoch AND parks = :parks',
            ExpressionAttributeValues: toItem({ ':epoch': epoch, ':parks': parks }),
          }),
        ),
      );
      return refused ? 'refused' : 'done';
    },
    listParked: async ({ endpointId, group }, limit) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: deliveries,
          ConsistentRead: true,
          KeyConditionExpression: 'line = :line',
          ExpressionAttributeValues: toItem({ ':line': lineOfGroup(endpointId, group) }),
          Limit: limit,
        }),
      );
      return Items.map(toParkedRow);
    },
    deleteParked: async ({ endpointId, group }, place) => {
      const Key = toItem({ line: lineOfGroup(endpointId, group), place });
      await client.send(new DeleteItemCommand({ TableName: deliveries, Key }));
    },
    listOfEndpoint: async (endpointId, { after, limit }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: groups,
          ConsistentRead: true,
          KeyConditionExpression: 'endpointId = :endpointId',
          ExpressionAttributeValues: toItem({ ':endpointId': endpointId }),
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: toItem(groupKey({ endpointId, group: after })) }),
        }),
      );
      const next = LastEvaluatedKey && textOf(toRow(LastEvaluatedKey), 'group');
      return { groups: Items.map((item) => readGroup(toRow(item))), ...(next !== undefined && { next }) };
    },
    listBlocked: (endpointId, limit) => listBlocked(store, endpointId, limit),
    findNextRetry: (endpointId, search) => findNextRetry(store, endpointId, search),
    listGroupsOf: (delivery) => listGroupsOf(store, delivery),
  };
}

const outcomeOf = (unmet: readonly number[]): 'done' | 'refused' => (unmet.length === 0 ? 'done' : 'refused');

const parkedRow = (
  { group, place, delivery, now }: { group: string; place: string; delivery: Delivery; now: Date },
  reason: Extract<StoredDelivery, { state: 'parked' }>['reason'],
): StoredDelivery => ({ state: 'parked', reason, delivery, since: now, place: { group, sequence: place } });

const headOf = (store: ParkedGroupStore, { owner, to, delivery, now }: GroupWrite): readonly TransactWriteItem[] =>
  delivery
    ? [putParked(store, parkedRow({ group: owner.group, place: to.place, delivery, now }, parkedReasonOf(to)))]
    : [];

const wakeOf = ({ stage }: Store, { owner, to, wakeAt }: GroupWrite): readonly TransactWriteItem[] => {
  if (!wakeAt) return [];
  const { organisationId, applicationId, endpointId, group } = owner;
  const wake = { organisationId, applicationId, endpointId, group, epoch: to.epoch, at: wakeAt, slice: 0 };
  return [{ Put: { TableName: tableName(stage, 'due-deliveries'), Item: toItem(toDueWakeRow(wake)) } }];
};

function putParked(
  { stage, retention = defaultAttemptRetention }: ParkedGroupStore,
  stored: StoredDelivery,
  { unlessPresent = false } = {},
): TransactWriteItem {
  const Put = { TableName: tableName(stage, 'deliveries'), Item: toItem(toDeliveryRow(stored, retention)) };
  return unlessPresent ? { Put: { ...Put, ConditionExpression: 'attribute_not_exists(line)' } } : { Put };
}

/** Sets the attributes that are given, and removes those that are absent. */
function updateGroup({
  groups,
  key,
  from,
  attributes,
}: {
  readonly groups: string;
  readonly key: GroupKey;
  readonly from: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}): TransactWriteItem {
  const placeholders = createPlaceholders();
  const present = Object.entries(toItem(attributes));
  const values: Record<string, AttributeValue> = {};
  const sets = present.map(([name, value]) => {
    values[`:${name}`] = value;
    return `${placeholders.name(name)} = :${name}`;
  });
  const absent = Object.keys(attributes).filter((name) => attributes[name] === undefined);
  const removes = absent.length === 0 ? '' : ` REMOVE ${absent.map(placeholders.name).join(', ')}`;
  return {
    Update: {
      TableName: groups,
      Key: toItem(groupKey(key)),
      UpdateExpression: `SET ${sets.join(', ')}${removes}`,
      ConditionExpression: `${placeholders.name('epoch')} = :from`,
      ExpressionAttributeNames: placeholders.given().ExpressionAttributeNames,
      ExpressionAttributeValues: { ...values, ...toItem({ ':from': from }) },
    },
  };
}

function toParkedRow(item: Record<string, AttributeValue>): ParkedRow {
  const place = item.place?.S ?? '';
  try {
    return { place, delivery: readStoredDelivery(toRow(item)).delivery };
  } catch (error) {
    const messageId = item.messageId?.S ?? '';
    return { place, unreadable: reasonOf(error), ...(isId('message', messageId) && { messageId }) };
  }
}
