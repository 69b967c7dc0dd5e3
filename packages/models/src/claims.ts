import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { BegunRequest, ClaimRepository, FoundAnswer, MessageClaim } from '@posthorn/core';
import { expiryOf, nowInSeconds, toEpochSeconds } from './rows/expiry.ts';
import { packText, unpackText } from './rows/packed-text.ts';
import { allOf, compares, createPlaceholders, type Placeholders, type RowCondition } from './rows/placeholders.ts';
import { instantOf, numberOf, type Row, textOf, toItem } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import { rowBytes } from './rows/row-size.ts';
import type { Store } from './store.ts';

/** Claims and requests under an idempotency key in DynamoDB, one conditional write each. */
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
    return tryConditionalWrite(client.send(command));
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
      const isOurs = compares('messageId', '=', claim.messageId);
      return (await put(toClaimRow(claim), anyOf([isFrom, isOurs]))).refused ? 'lost' : 'claimed';
    },
    find: async (key, now) => {
      const row = await getRow({ client }, { tableName: TableName, key: { claim: claimKey(key) } });
      const claim = row && readClaim(key, row);
      return claim && claim.expiresAt > now ? claim : undefined;
    },
    begin: async ({ now, ...request }) => {
      const isOver = anyOf([isAbsent, compares('until', '<=', now.toISOString())]);
      const written = await put(toRequestRow(request.key, request.lockedUntil), isOver);
      if (!written.refused) return { kind: 'begun' };
      return written.by.status === undefined
        ? { kind: 'in_progress' }
        : { kind: 'answered', answer: readAnswer(written.by) };
    },
    beginInstead: async (request, { until }) => {
      const isSameAnswer = allOf([compares('until', '=', until.toISOString()), isAnswered]);
      const written = await put(toRequestRow(request.key, request.lockedUntil), isSameAnswer);
      return written.refused ? 'lost' : 'begun';
    },
    finish: async (request, answer, expiresAt) => {
      const rest = { ...toRequestRow(request.key, expiresAt), status: answer.status };
      const row = { ...rest, answer: packText(answer.body, { otherBytes: rowBytes({ ...rest, answer: '' }) }) };
      await put(row, anyOf([isAbsent, isHeldBy(request)]));
    },
    release: async (request) => {
      const placeholders = createPlaceholders();
      const ConditionExpression = isHeldBy(request)(placeholders);
      const Key = toItem({ claim: requestKey(request.key) });
      const command = new DeleteItemCommand({ TableName, Key, ConditionExpression, ...placeholders.given() });
      await tryConditionalWrite(client.send(command));
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

const readAnswer = (row: Row): FoundAnswer => ({
  status: numberOf(row, 'status'),
  body: unpackText(row, 'answer'),
  until: instantOf(row, 'until'),
});

const isAbsent: RowCondition = ({ name }) => `attribute_not_exists(${name('claim')})`;

const isAnswered: RowCondition = ({ name }) => `attribute_exists(${name('status')})`;
const isUnanswered: RowCondition = ({ name }) => `attribute_not_exists(${name('status')})`;

const isHeldBy = ({ lockedUntil }: BegunRequest): RowCondition =>
  allOf([compares('until', '=', lockedUntil.toISOString()), isUnanswered]);

const hasExpired = (now: Date): RowCondition => compares('expiresAt', '<=', nowInSeconds(now));

const anyOf =
  (conditions: readonly RowCondition[]): RowCondition =>
  (placeholders: Placeholders) =>
    conditions.map((condition) => condition(placeholders)).join(' OR ');
