import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type {
  BeginningRequest,
  BegunRequest,
  ClaimRepository,
  FoundAnswer,
  MessageClaim,
  RequestSeed,
} from '@posthorn/core';
import { expiryOf, nowInSeconds, toEpochSeconds } from './rows/expiry.ts';
import { packText, unpackText } from './rows/packed-text.ts';
import { allOf, compares, createPlaceholders, type Placeholders, type RowCondition } from './rows/placeholders.ts';
import { ifPresent, instantOf, numberOf, type Row, textOf, toItem, toRow } from './rows/row.ts';
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
    begin: async (request) => {
      const written = await tryConditionalWrite(client.send(toBeginning(TableName, request)));
      if (!written.refused) {
        const resumes = ifPresent(toRow(written.answer.Attributes ?? {}), 'begunAt', readSeed);
        return { kind: 'begun', ...(resumes && { resumes }) };
      }
      const until = instantOf(written.by, 'until');
      if (until > request.seed.at) {
        return written.by.status === undefined
          ? { kind: 'in_progress' }
          : { kind: 'answered', answer: readAnswer(written.by) };
      }
      // What the row says is over: the request begins anew, unless another one does so at the same time.
      const begun = await put(toBegunRow(request), compares('until', '=', until.toISOString()));
      return { kind: begun.refused ? 'in_progress' : 'begun' };
    },
    beginInstead: async (request, { until }) => {
      const isSameAnswer = allOf([compares('until', '=', until.toISOString()), isAnswered]);
      return (await put(toBegunRow(request), isSameAnswer)).refused ? 'lost' : 'begun';
    },
    finish: async (request, answer, expiresAt) => {
      const rest = { ...toRequestRow(request.key, { until: expiresAt, expiresAt }), status: answer.status };
      const row = { ...rest, answer: packText(answer.body, { otherBytes: rowBytes({ ...rest, answer: '' }) }) };
      await put(row, anyOf([isAbsent, isHeldBy(request)]));
    },
    release: async (request) => {
      const placeholders = createPlaceholders();
      const command = new UpdateItemCommand({
        TableName,
        Key: toItem({ claim: requestKey(request.key) }),
        UpdateExpression: `SET ${placeholders.name('until')} = ${placeholders.name('begunAt')}`,
        ConditionExpression: isHeldBy(request)(placeholders),
        ...placeholders.given(),
      });
      await tryConditionalWrite(client.send(command));
    },
    forget: async (request) => {
      const placeholders = createPlaceholders();
      const isOwn = allOf([isHeldBy(request), compares('seed', '=', request.seed.text)]);
      const command = new DeleteItemCommand({
        TableName,
        Key: toItem({ claim: requestKey(request.key) }),
        ConditionExpression: isOwn(placeholders),
        ...placeholders.given(),
      });
      await tryConditionalWrite(client.send(command));
    },
  };
}

/**
 * Locks the row of a request that is new, or that has ended without an answer. The row keeps the seed of the first of them,
 * and for how long that counts.
 */
function toBeginning(TableName: string, { key, seed, lockedUntil, keptUntil }: BeginningRequest): UpdateItemCommand {
  const placeholders = createPlaceholders();
  const { name, value } = placeholders;
  const isResumable = allOf([
    compares('until', '<=', seed.at.toISOString()),
    hasSeed,
    compares('expiresAt', '>', nowInSeconds(seed.at)),
  ]);
  const keepOr = (attribute: string, first: string | number): string =>
    `${name(attribute)} = if_not_exists(${name(attribute)}, ${value(first)})`;
  const changes = [
    `${name('until')} = ${value(lockedUntil.toISOString())}`,
    keepOr('begunAt', seed.at.toISOString()),
    keepOr('seed', seed.text),
    keepOr('expiresAt', toEpochSeconds(keptUntil)),
  ];
  return new UpdateItemCommand({
    TableName,
    Key: toItem({ claim: requestKey(key) }),
    UpdateExpression: `SET ${changes.join(', ')}`,
    ConditionExpression: anyOf([isAbsent, isResumable])(placeholders),
    ...placeholders.given(),
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

/** The key of the claim of a name of a message. */
export const claimKey = (key: string): string => `message#${key}`;
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

const toRequestRow = (key: string, { until, expiresAt }: { readonly until: Date; readonly expiresAt: Date }): Row => ({
  claim: requestKey(key),
  until: until.toISOString(),
  expiresAt: toEpochSeconds(expiresAt),
});

/** Only the row of a request without an answer has a seed. */
const toBegunRow = ({ key, seed, lockedUntil, keptUntil }: BeginningRequest): Row => ({
  ...toRequestRow(key, { until: lockedUntil, expiresAt: keptUntil }),
  begunAt: seed.at.toISOString(),
  seed: seed.text,
});

const readSeed = (row: Row): RequestSeed => ({ at: instantOf(row, 'begunAt'), text: textOf(row, 'seed') });

const readAnswer = (row: Row): FoundAnswer => ({
  status: numberOf(row, 'status'),
  body: unpackText(row, 'answer'),
  until: instantOf(row, 'until'),
});

const isAbsent: RowCondition = ({ name }) => `attribute_not_exists(${name('claim')})`;

const isAnswered: RowCondition = ({ name }) => `attribute_exists(${name('status')})`;
const hasSeed: RowCondition = ({ name }) => `attribute_exists(${name('seed')})`;
const isUnanswered: RowCondition = ({ name }) => `attribute_not_exists(${name('status')})`;

const isHeldBy = ({ lockedUntil }: BegunRequest): RowCondition =>
  allOf([compares('until', '=', lockedUntil.toISOString()), isUnanswered]);

const hasExpired = (now: Date): RowCondition => compares('expiresAt', '<=', nowInSeconds(now));

const anyOf =
  (conditions: readonly RowCondition[]): RowCondition =>
  (placeholders: Placeholders) =>
    conditions.map((condition) => condition(placeholders)).join(' OR ');
