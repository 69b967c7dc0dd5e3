import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { TokenChecks } from '@posthorn/core';
import { readIntegration } from './integrations/integration-row.ts';
import { ifPresent, numberOf, textOf, toItem, toRow } from './rows/row.ts';
import { getRow, getRows } from './rows/row-access.ts';
import type { Store } from './store.ts';
import {
  enforcementVersion,
  entries,
  readMarks,
  revokedPartition,
  versionEntry,
  versionsKey,
} from './tokens/token-row.ts';

/** What every request with a token asks. It is on the hot path, so it does not use Dynamoose. */
export function createTokenChecks({ client, stage }: Store): TokenChecks {
  const table = tableName(stage, 'tokens');
  return {
    findState: async (applicationId, { tokenId, sessionId, integrationId }) => {
      const revoked = entries.revoked(tokenId);
      const marks = [entries.marks(), ...(sessionId === undefined ? [] : [entries.marks(sessionId)])];
      // The key of an integration does not ask for marks, and has no session.
      const wanted = [revoked, ...(integrationId === undefined ? marks : [integrationId])];
      const keys = wanted.map((entry) => ({ owner: applicationId, entry }));
      const found = new Map((await getRows({ client }, { tableName: table, keys })).map((row) => [row.entry, row]));
      const integration = integrationId === undefined ? undefined : found.get(integrationId);
      return {
        isRevoked: found.has(revoked),
        marks: marks.flatMap((entry) => readMarks(found.get(entry)).marks),
        ...(integration && { integration: readIntegration(integration) }),
      };
    },
    findVersions: async () => {
      const row = (await getRow({ client }, { tableName: table, key: versionsKey })) ?? {};
      return {
        revoked: ifPresent(row, 'version', numberOf) ?? 0,
        enforcement: ifPresent(row, enforcementVersion, numberOf) ?? 0,
      };
    },
    listRevoked: async () => {
      const ids = new Set<string>();
      let start: ReturnType<typeof toItem> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: '#owner = :owner AND entry > :version',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: toItem({ ':owner': revokedPartition, ':version': versionEntry }),
            ExclusiveStartKey: start,
          }),
        );
        for (const item of page.Items ?? []) ids.add(textOf(toRow(item), 'entry'));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      return ids;
    },
  };
}
