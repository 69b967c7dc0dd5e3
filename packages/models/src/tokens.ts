import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { maxPortalTokenSeconds, type TokenRepository } from '@posthorn/core';
import { withPrefix } from './paging/key-range.ts';
import { createSliceReader } from './paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { compares, createPlaceholders } from './rows/placeholders.ts';
import { type Row, textOf, toItem } from './rows/row.ts';
import { getRow, getRows, tryConditionalWrite } from './rows/row-access.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { tableDefinitions } from './table-definitions.ts';
import {
  entries,
  readIssued,
  readMarks,
  revokedPartition,
  toIssuedRow,
  toMarksRow,
  toRevokedRow,
  versionsKey,
} from './tokens/token-row.ts';

interface TokenStore extends Store {
  readonly now?: () => Date;
}

/** The issued and revoked tokens in DynamoDB. */
export function createTokenRepository({ client, stage, now = () => new Date() }: TokenStore): TokenRepository {
  const TableName = tableName(stage, 'tokens');
  const find = (key: Row) => getRow({ client }, { tableName: TableName, key });
  const put = async (row: Row): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: toItem(row) }));
  };
  return {
    insertIssued: (token) => put(toIssuedRow(token)),
    findIssued: async (owner, tokenId) => {
      const row = await find({ owner, entry: entries.issued(tokenId) });
      return row && readIssued(row);
    },
    listIssued: async (owner, page) => {
      const { partitionKey, sortKey } = tableDefinitions.tokens;
      // Rows outlive their tokens.
      const filter = compares('until', '>', now().toISOString());
      const source = createSliceReader({
        client,
        tableName: TableName,
        partitionKey,
        sortKey,
        partition: owner,
        filter,
      });
      const iterator = page.iterator === undefined ? {} : { iterator: entries.issued(page.iterator) };
      const list = {
        sources: [source],
        range: withPrefix(entries.issued('')),
        keyOf: (row: Row) => textOf(row, 'entry'),
      };
      const read = await readPage(list, { ...page, ...iterator, maxRowsRead: defaultMaxRowsRead });
      const { items, resumeAt, ...end } = read;
      const at = resumeAt === undefined ? {} : { resumeAt: resumeAt.slice(entries.issued('').length) };
      return { ...end, ...at, items: items.map(readIssued) };
    },
    findEnds: async (applicationId, tokens) => {
      const sessionIds = new Set(tokens.flatMap(({ sessionId }) => sessionId ?? []));
      const marks = [undefined, ...sessionIds].map((sessionId) => entries.marks(sessionId));
      const keys = [
        ...[...marks, ...tokens.map(({ tokenId }) => entries.revoked(tokenId))].map((entry) => ({
          owner: applicationId,
          entry,
        })),
        ...tokens.map(({ tokenId }) => ({ owner: revokedPartition, entry: tokenId })),
      ];
      const found = new Map((await getRows({ client }, { tableName: TableName, keys })).map((row) => [row.entry, row]));
      const marksOf = (sessionId?: string) => readMarks(found.get(entries.marks(sessionId))).marks;
      return tokens.map(({ tokenId, sessionId }) => ({
        isRevoked: found.has(entries.revoked(tokenId)) || found.has(tokenId),
        marks: [...marksOf(), ...(sessionId === undefined ? [] : marksOf(sessionId))],
      }));
    },
    logOut: (applicationId, { tokenId, expiresAt }) =>
      put(toRevokedRow({ owner: applicationId, entry: entries.revoked(tokenId) }, expiresAt)),
    revoke: async ({ tokenId, expiresAt }) => {
      // Both together: a reader that sees the new version finds the token in the list.
      await transact({ client }, [
        { Put: { TableName, Item: toItem(toRevokedRow({ owner: revokedPartition, entry: tokenId }, expiresAt)) } },
        {
          Update: {
            TableName,
            Key: toItem(versionsKey),
            UpdateExpression: 'ADD version :one',
            ExpressionAttributeValues: toItem({ ':one': 1 }),
          },
        },
      ]);
    },
    findMarks: async (applicationId, sessionId) =>
      readMarks(await find({ owner: applicationId, entry: entries.marks(sessionId) })),
    updateMarks: async ({ applicationId, sessionId }, next, previous) => {
      const key = { owner: applicationId, entry: entries.marks(sessionId) };
      const stored = { ...next, revision: previous.revision + 1 };
      const keptUntil = sessionId === undefined ? undefined : lastUseOf(next.marks);
      const placeholders = createPlaceholders();
      const condition =
        previous.revision === 0
          ? `attribute_not_exists(${placeholders.name('revision')})`
          : compares('revision', '=', previous.revision)(placeholders);
      const { ExpressionAttributeNames, ExpressionAttributeValues } = placeholders.given();
      const command = new PutItemCommand({
        TableName,
        Item: toItem(toMarksRow(key, stored, keptUntil)),
        ConditionExpression: condition,
        ExpressionAttributeNames,
        // DynamoDB refuses an empty map.
        ...(previous.revision > 0 && { ExpressionAttributeValues }),
      });
      const { refused } = await tryConditionalWrite(client.send(command));
      return refused ? 'stale' : 'updated';
    },
  };
}

/** Only tokens of the portal have sessions, and none of these was issued after the last mark. */
const lastUseOf = (marks: readonly { readonly issuedUntil: Date }[]): Date =>
  new Date(Math.max(...marks.map(({ issuedUntil }) => issuedUntil.getTime())) + maxPortalTokenSeconds * 1_000);
