import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { ClaimRepository, MessageClaim, StoredAnswer } from '@posthorn/core';
import { expiryOf, nowInSeconds, toEpochSeconds } from './rows/expiry.ts';
import { packText, unpackText } from './rows/packed-text.ts';
import { allOf, compares, createPlaceholders, type Placeholders, type RowCondition } from './rows/placeholders.ts';
import { instantOf, numberOf, type Row, textOf, toItem } from './rows/row.ts';
import { getRow, unlessRefused } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** Claims and begun requests in DynamoDB, one conditional write each. */
export function createClaimRepository({ client, stage }: Store): ClaimRepository {
  const TableName = tableName(stage, 'claims');
  const put = (row: Row, condition: RowCondition) => {
    const placeholders = createPlaceholders();
    const ConditionExpression = condition(placeholders);
    const command = new PutItemCommand({
      TableName,
      Item: toItem(row),
      ConditionExpression,
      ...placeholders.given(),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return unlessRefused(client.send(command));
  };

  return {
    claim: async (claim) => {
      const isFree = anyOf([isAbsent, hasExpired(claim.claimedAt), compares('messageId', '=', claim.messageId)]);
      const written = await put(toClaimRow(claim), isFree);
      return written.refused ? { kind: 'held', by: readClaim(claim.key, written.by) } : { kind: 'claimed' };
    },
    takeOver: async (claim, from) => {
      const isFrom = allOf([
        compares('messageId', '=', from.messageId),
        compares('at', '=', from.claimedAt.toISOString()),
      ]);
      return (await put(toClaimRow(claim), isFrom)).refused ? 'lost' : 'claimed';
    },
    find: async (key, now) => {
      const row = await getRow({ client }, { tableName: TableName, key: { claim: claimKey(key) } });
      const claim = row && readClaim(key, row);
      return claim && claim.expiresAt > now ? claim : undefined;
    },
    begin: async ({ key, now, lockedUntil }) => {
      const isOver = anyOf([isAbsent, compares('until', '<=', now.toISOString())]);
      const written = await put(toRequestRow(key, lockedUntil), isOver);
      if (!written.refused) return { kind: 'begun' };
      return written.by.status === undefined
        ? { kind: 'in_progress' }
        : { kind: 'answered', answer: readAnswer(written.by) };
    },
    finish: async (key, answer, expiresAt) => {
      const row = { ...toRequestRow(key, expiresAt), status: answer.status, answer: packText(answer.body) };
      await client.send(new PutItemCommand({ TableName, Item: toItem(row) }));
    },
    release: async (key) => {
      const command = new DeleteItemCommand({
        TableName,
        Key: toItem({ claim: requestKey(key) }),
        ConditionExpression: 'attribute_not_exists(#status)',
        ExpressionAttributeNames: { '#status': 'status' },
      });
      await unlessRefused(client.send(command));
    },
  };
}

const claimKey = (key: string): string => `message#${key}`;
const requestKey = (key: string): string => `request#${key}`;

const toClaimRow = ({ key, messageId, claimedAt, expiresAt }: MessageClaim): Row => ({
  claim: claimKey(key),
  messageId,
  at: claimedAt.toISOString(),
  expiresAt: toEpochSeconds(expiresAt),
});

const readClaim = (key: string, row: Row): MessageClaim => ({
  key,
  messageId: textOf(row, 'messageId'),
  claimedAt: instantOf(row, 'at'),
  expiresAt: expiryOf(row),
});

const toRequestRow = (key: string, until: Date): Row => ({
  claim: requestKey(key),
  until: until.toISOString(),
  expiresAt: toEpochSeconds(until),
});

const readAnswer = (row: Row): StoredAnswer => ({ status: numberOf(row, 'status'), body: unpackText(row, 'answer') });

const isAbsent: RowCondition = ({ name }) => `attribute_not_exists(${name('claim')})`;

const hasExpired = (now: Date): RowCondition => compares('expiresAt', '<=', nowInSeconds(now));

const anyOf =
  (conditions: readonly RowCondition[]): RowCondition =>
  (placeholders: Placeholders) =>
    conditions.map((condition) => condition(placeholders)).join(' OR ');
