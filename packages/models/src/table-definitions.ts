import type { Table } from '@posthorn/contracts';

/** A secondary index: finds rows by other attributes than the table's keys. It can be slightly behind the table. */
export interface IndexDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** The attributes in the index besides the keys. */
  readonly attributes: readonly string[];
}

/** The layout of a table. All keys are texts. */
export interface TableDefinition {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** The attribute with the time after which a row may be removed, in seconds since 1970. */
  readonly timeToLive?: string;
  /** What a stream record has besides the key. It can never change: that would be another stream. */
  readonly stream?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
}

/** The layout of every table. Models, repositories, local tables and CloudFormation's tables are derived from it. */
export const tableDefinitions = {
  // Apart from all else of an organisation: nothing may delete these rows, and few functions may put them.
  'data-keys': { partitionKey: 'organisationId', sortKey: 'keyId' },
  'retry-schedules': { partitionKey: 'organisationId', sortKey: 'scope' },
  applications: { partitionKey: 'organisationId', sortKey: 'applicationId', stream: 'NEW_AND_OLD_IMAGES' },
  // Only the rows that are left of deleted endpoints expire.
  endpoints: {
    partitionKey: 'applicationId',
    sortKey: 'endpointId',
    timeToLive: 'expiresAt',
    stream: 'NEW_AND_OLD_IMAGES',
  },
  'event-types': { partitionKey: 'organisationId', sortKey: 'name' },
  messages: { partitionKey: 'partition', sortKey: 'row', timeToLive: 'expiresAt', stream: 'NEW_IMAGE' },
  // The order of the messages of applications that are polled, and what consumers have acknowledged.
  'message-log': { partitionKey: 'applicationId', sortKey: 'entry', timeToLive: 'expiresAt' },
  attempts: {
    partitionKey: 'partition',
    sortKey: 'attemptId',
    indexes: {
      // It has only the attempts that no key leads to (`attempts/attempt-row.ts`).
      byMessage: {
        partitionKey: 'messageId',
        sortKey: 'attemptId',
        attributes: [
          'org',
          'app',
          'number',
          'trigger',
          'status',
          'url',
          'code',
          'ms',
          'at',
          'next',
          'type',
          'channels',
          'expiresAt',
        ],
      },
    },
    timeToLive: 'expiresAt',
    stream: 'NEW_IMAGE',
  },
  // A delivery that succeeds at its first try has no row.
  deliveries: {
    partitionKey: 'line',
    sortKey: 'place',
    indexes: {
      byState: {
        partitionKey: 'state',
        sortKey: 'messageId',
        attributes: [
          'org',
          'app',
          'endpointId',
          'number',
          'at',
          'trigger',
          'attemptId',
          'notBefore',
          'slot',
          'retriesFrom',
          'untried',
          'reason',
          'group',
          'sequence',
          'since',
          'expiresAt',
        ],
      },
    },
    timeToLive: 'expiresAt',
  },
  // A group of a FIFO destination that waits or is blocked. One that flows has no row.
  groups: {
    partitionKey: 'endpointId',
    sortKey: 'group',
    indexes: {
      // Only blocked groups have the attribute, so that one that waits pays nothing for the index.
      byBlocked: { partitionKey: 'blocked', sortKey: 'since', attributes: ['head', 'reason', 'detail'] },
    },
  },
  'due-deliveries': { partitionKey: 'shard', sortKey: 'due', timeToLive: 'expiresAt' },
  // Its keys are older than their values (`statistics/hour-row.ts`): keys of a table cannot be renamed.
  statistics: { partitionKey: 'endpointId', sortKey: 'hour', timeToLive: 'expiresAt' },
  claims: { partitionKey: 'claim', timeToLive: 'expiresAt' },
  // Other programs put its rows. A row leaves when its message is accepted.
  outbox: { partitionKey: 'orderingKey', sortKey: 'id', stream: 'NEW_IMAGE' },
  // Integrations and the marks of an application have no time to live (`tokens/token-row.ts`).
  tokens: { partitionKey: 'owner', sortKey: 'entry', timeToLive: 'expiresAt' },
  // A job that has come back has a row, until a run of it ends.
  'job-runs': { partitionKey: 'job', timeToLive: 'expiresAt' },
  throttles: { partitionKey: 'limit', timeToLive: 'expiresAt' },
  tasks: {
    partitionKey: 'organisationId',
    sortKey: 'taskId',
    indexes: {
      byApplication: {
        partitionKey: 'applicationId',
        sortKey: 'taskId',
        attributes: [
          'endpointId',
          'kind',
          'work',
          'status',
          'slice',
          'cursor',
          'sent',
          'skipped',
          'pauseSeconds',
          'createdAt',
          'updatedAt',
          'error',
          'expiresAt',
        ],
      },
    },
    timeToLive: 'expiresAt',
    stream: 'NEW_AND_OLD_IMAGES',
  },
} as const satisfies Record<Table, TableDefinition>;
