import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { RetryScheduleOwner, RetryScheduleRepository } from '@posthorn/core';
import { type Row, toItem, withoutAbsent } from './rows/row.ts';
import { getRow, getRows } from './rows/row-access.ts';
import { scheduleOf, toScheduleText } from './rows/schedule.ts';
import type { Store } from './store.ts';

/** The retry schedules of organisations and event types in DynamoDB, one row each. */
export function createRetryScheduleRepository({ client, stage }: Store): RetryScheduleRepository {
  const table = tableName(stage, 'retry-schedules');
  return {
    find: async (owner) => {
      const row = await getRow({ client }, { tableName: table, key: keyOf(owner) });
      return row && scheduleOf(row, 'schedule');
    },
    findOverrides: async (organisationId, eventType) => {
      const own = keyOf({ organisationId });
      const keys = [own, keyOf({ organisationId, eventType })];
      const rows = await getRows({ client }, { tableName: table, keys });
      const read = (row: Row | undefined) => row && scheduleOf(row, 'schedule');
      return withoutAbsent({
        organisation: read(rows.find(({ scope }) => scope === own.scope)),
        eventType: read(rows.find(({ scope }) => scope !== own.scope)),
      });
    },
    put: async (owner, schedule) => {
      const Item = toItem({ ...keyOf(owner), schedule: toScheduleText(schedule) });
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    delete: async (owner) => {
      await client.send(new DeleteItemCommand({ TableName: table, Key: toItem(keyOf(owner)) }));
    },
  };
}

const keyOf = ({ organisationId, eventType }: RetryScheduleOwner) => ({
  organisationId,
  scope: eventType === undefined ? 'organisation' : `event-type#${eventType}`,
});
