import { PutItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { ConsumerKey, PollStateRepository } from '@posthorn/core';
import { readAcceptingApplication } from './applications/application-row.ts';
import { pollMarkKey, readLogKeeping, toPollMark } from './endpoints/poll-mark.ts';
import { consumerKey, readConsumer, toConsumerValues } from './message-log/log-row.ts';
import { toEpochSeconds } from './rows/expiry.ts';
import { createPlaceholders, type Placeholders } from './rows/placeholders.ts';
import { numberOf, toItem, toRow, withoutAbsent } from './rows/row.ts';
import { getRow, getRowsOfTables, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** Who polls, in DynamoDB: a mark of the application, and a row for each consumer. */
export function createPollStateRepository({ client, stage }: Store): PollStateRepository {
  const applications = tableName(stage, 'applications');
  const endpoints = tableName(stage, 'endpoints');
  const logTable = tableName(stage, 'message-log');
  const uids = createUidRows({ client, stage }, 'applications');

  const update = async (key: ConsumerKey, write: (placeholders: Placeholders) => Partial<UpdateItemCommandInput>) => {
    const placeholders = createPlaceholders();
    const input = write(placeholders);
    const command = { TableName: logTable, Key: toItem(consumerKey(key)), ...input, ...placeholders.given() };
    return tryConditionalWrite(client.send(new UpdateItemCommand(command)));
  };

  return {
    findIdOfUid: (organisationId, uid) => uids.findHolder(organisationId, uid),
    find: async ({ organisationId, applicationId, consumer }) => {
      const rows = await getRowsOfTables(
        { client },
        {
          [applications]: [{ organisationId, applicationId }],
          [endpoints]: [pollMarkKey(applicationId)],
          ...(consumer && { [logTable]: [consumerKey({ applicationId, ...consumer })] }),
        },
      );
      const [application, mark, known] = [applications, endpoints, logTable].map((table) => rows[table]?.[0]);
      return withoutAbsent({
        application: application && readAcceptingApplication(application),
        log: mark && readLogKeeping(mark),
        consumer: known && readConsumer(known),
      });
    },
    keepLog: async ({ organisationId, applicationId }, log) => {
      const Item = toItem(toPollMark({ organisationId, applicationId, ...log }));
      await client.send(new PutItemCommand({ TableName: endpoints, Item }));
    },
    keepsLog: async (applicationId) =>
      (await getRow({ client }, { tableName: endpoints, key: pollMarkKey(applicationId) })) !== undefined,
    acknowledge: async (key, next) => {
      const values = toConsumerValues(next);
      const { refused } = await update(key, ({ name, value }) => {
        const [position, generation] = [value(values.position), value(next.generation)];
        const isNext = `${name('generation')} = ${generation} AND ${name('position')} < ${position}`;
        return {
          UpdateExpression:
            `SET ${name('position')} = ${position}, ${name('generation')} = ${generation}, ` +
            `${name('expiresAt')} = ${value(values.expiresAt)}`,
          ConditionExpression: `attribute_not_exists(${name('position')}) OR (${isNext})`,
        };
      });
      return refused ? 'refused' : 'acknowledged';
    },
    seek: async (key, next) => {
      const values = toConsumerValues(next);
      const written = await update(key, ({ name, value }) => ({
        UpdateExpression:
          `SET ${name('position')} = ${value(values.position)}, ${name('expiresAt')} = ${value(values.expiresAt)} ` +
          `ADD ${name('generation')} ${value(1)}`,
        ReturnValues: 'UPDATED_NEW',
      }));
      if (written.refused) throw new Error('a write without a condition was refused');
      return numberOf(toRow(written.answer.Attributes ?? {}), 'generation');
    },
    keepConsumer: async (key, until) => {
      await update(key, ({ name, value }) => ({
        UpdateExpression: `SET ${name('expiresAt')} = ${value(toEpochSeconds(until))}`,
        ConditionExpression: `attribute_exists(${name('position')})`,
      }));
    },
  };
}
