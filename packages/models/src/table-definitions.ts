import type { Table } from '@posthorn/contracts';

/** A way into a table by other attributes than its own keys. Lags a moment behind the table. */
export interface IndexDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What the index carries besides all keys. */
  readonly attributes: readonly string[];
}

/** How a table is laid out. Every key is text. */
export interface TableDefinition {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** The attribute that says, in seconds since 1970, when a row may be removed. */
  readonly timeToLive?: string;
  readonly stream?: 'NEW_IMAGE';
}

/** Every table's layout, once: models, repositories, the local tables and CloudFormation's are derived from it. */
export const tableDefinitions = {
  applications: { partitionKey: 'organisationId', sortKey: 'applicationId' },
  endpoints: { partitionKey: 'applicationId', sortKey: 'endpointId' },
  'event-types': { partitionKey: 'organisationId', sortKey: 'name' },
  messages: { partitionKey: 'partition', sortKey: 'row', timeToLive: 'expiresAt', stream: 'NEW_IMAGE' },
  attempts: {
    partitionKey: 'partition',
    sortKey: 'attemptId',
    indexes: {
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
  'due-deliveries': { partitionKey: 'shard', sortKey: 'due', timeToLive: 'expiresAt' },
  statistics: { partitionKey: 'endpointId', sortKey: 'hour', timeToLive: 'expiresAt' },
  claims: { partitionKey: 'claim', timeToLive: 'expiresAt' },
} as const satisfies Record<Table, TableDefinition>;
