/** The tables of one installation. */
export const tables = [
  'data-keys',
  'retry-schedules',
  'applications',
  'endpoints',
  'event-types',
  'messages',
  'message-log',
  'attempts',
  'deliveries',
  'groups',
  'due-deliveries',
  'statistics',
  'claims',
  'outbox',
  'throttles',
  'job-runs',
  'tasks',
  'tokens',
] as const;
export type Table = (typeof tables)[number];

/** The queues of one installation. */
export const queues = [
  'deliveries',
  'deliveries-slow',
  'deliveries.fifo',
  'deliveries-dead-letters',
  'deliveries-dead-letters.fifo',
  'stream-failures',
  'tasks',
  'tasks-dead-letters',
] as const;
export type Queue = (typeof queues)[number];

/**
 * The physical name of a table. It derives from the stage, so services need not know each other's outputs.
 *
 * @example tableName('dev', 'messages') // => 'posthorn-dev-messages'
 */
export const tableName = (stage: string, table: Table): string => `posthorn-${stage}-${table}`;

/**
 * The physical name of a queue.
 *
 * @example queueName('dev', 'deliveries.fifo') // => 'posthorn-dev-deliveries.fifo'
 */
export const queueName = (stage: string, queue: Queue): string => `posthorn-${stage}-${queue}`;

/**
 * Whether a table is one of an installation: of this version, or of another one.
 *
 * @example isOwnTable('dev', 'posthorn-dev-messages') // => true
 */
export const isOwnTable = (stage: string, name: string): boolean => name.startsWith(`posthorn-${stage}-`);

/** The CloudFormation export that carries a table's stream ARN. */
export const streamExportName = (stage: string, table: Table): string => `${tableName(stage, table)}-stream`;

/** The alias of the key that endpoints' secrets and headers are encrypted with. */
export const secretsKeyAlias = (stage: string): string => `alias/posthorn-${stage}-secrets`;

/** The name of the secret that tokens are signed with. */
export const jwtSecretName = (stage: string): string => `posthorn-${stage}-jwt`;
