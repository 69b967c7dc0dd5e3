import { tableName } from '@posthorn/contracts';
import { eventClaimKey } from '@posthorn/core/message/event-claim-key';
import { attemptPartitions } from '../attempts/attempt-row.ts';
import { claimKey } from '../claims.ts';
import { linesOfMessages, statePartitions } from '../deliveries/delivery-row.ts';
import { logPartitions } from '../message-log/log-row.ts';
import { chunkPartition } from '../messages/message-body.ts';
import { messagePartitions, requestPartitions } from '../messages/message-row.ts';
import { deleteRows } from '../rows/delete-rows.ts';
import { ifPresent, type Row, textOf } from '../rows/row.ts';
import { shardPartition, statisticsShards } from '../statistics/hour-row.ts';
import type { Store } from '../store.ts';
import { throttleKey } from '../throttles.ts';
import { emptyPartitions, type Partition, type Progress } from './empty-partitions.ts';

/** The messages of an application, and the requests about them. What belongs to a message goes before it. */
export const partitionsOfMessages = (store: Store, applicationId: string, progress: Progress): readonly Partition[] => [
  ...messagePartitions(applicationId).map((key) => ({
    table: 'messages' as const,
    key,
    attributes: ['kind', 'eventId', 'chunks'],
    removeBefore: (rows: readonly Row[]) => removePartsOfMessages(store, applicationId, { rows, progress }),
  })),
  ...requestPartitions(applicationId).map((key) => ({ table: 'messages' as const, key })),
  ...logPartitions(applicationId).map((key) => ({ table: 'message-log' as const, key })),
];

/** The claims of eventIds, and the parts of large bodies. A message has few parts, so they are removed whatever is spent. */
async function removePartsOfMessages(
  store: Store,
  applicationId: string,
  { rows, progress }: { readonly rows: readonly Row[]; readonly progress: Progress },
): Promise<void> {
  const eventIds = rows.flatMap((row) => ifPresent(row, 'eventId', textOf) ?? []);
  const claims = eventIds.map((eventId) => ({ claim: claimKey(eventClaimKey(applicationId, eventId)) }));
  await deleteRows(store, tableName(store.stage, 'claims'), claims);
  const chunks = rows
    .filter((row) => row.chunks !== undefined)
    .map((row) => ({
      table: 'messages' as const,
      key: chunkPartition({ applicationId, messageId: textOf(row, 'row') }),
    }));
  await emptyPartitions(store, chunks, { ...progress, isSpent: () => false });
}

/** Everything that is stored by an endpoint. */
export const partitionsOfEndpoint = (endpointId: string): readonly Partition[] => [
  ...attemptPartitions(endpointId).map((key) => ({ table: 'attempts' as const, key })),
  ...linesOfMessages(endpointId).map((key) => ({ table: 'deliveries' as const, key })),
  // The lines of groups have the names of groups in their keys. The index leads to them.
  ...statePartitions(endpointId, 'parked').map((key) => ({
    table: 'deliveries' as const,
    indexName: 'byState',
    key,
  })),
  { table: 'groups', key: endpointId },
  // Earlier versions counted under the id of the endpoint alone.
  { table: 'statistics', key: endpointId },
];

export const throttlesOfEndpoint = (endpointId: string): readonly Row[] => [
  throttleKey({ line: 'endpoint', id: endpointId }),
  throttleKey({ line: 'sends', id: endpointId }),
];

/** What is stored by the application, but its endpoints: their rows lead to the rest. */
export const partitionsOfApplication = (applicationId: string, keptTaskId: string): readonly Partition[] => [
  ...Array.from({ length: statisticsShards }, (_, shard) => ({
    table: 'statistics' as const,
    key: shardPartition(applicationId, shard),
  })),
  // Its tokens are not valid without it, so nothing has to say that they are revoked.
  { table: 'tokens', key: applicationId },
  {
    table: 'tasks',
    indexName: 'byApplication',
    key: applicationId,
    keeps: (row) => row.taskId === keptTaskId,
  },
];

export const throttlesOfApplication = (applicationId: string): readonly Row[] => [
  throttleKey({ line: 'application', id: applicationId }),
  throttleKey({ line: 'slow', id: applicationId }),
];
