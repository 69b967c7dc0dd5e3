import type { AccessKey } from '@posthorn/local-signatures';

/** Where tables and queues are. Clients of other endpoints take keys from the environment, as every AWS client does. */
export interface CloudOptions {
  /** The stage in the names of tables and queues. */
  readonly stage: string;
  readonly region: string;
  /** The folder of the storage. In memory if absent. */
  readonly folder?: string;
  /** The folder is known to have data: it is refused if it is missing. */
  readonly hadRows?: boolean;
  /** Files of secrets without which the data is useless, by their names. */
  readonly secretFiles?: Readonly<Record<string, string>>;
  readonly durability: 'process' | 'machine';
  /** Another DynamoDB endpoint than the store in this process. */
  readonly dynamodbUrl?: string;
  /** Another SQS endpoint than the queues in this process. */
  readonly sqsUrl?: string;
  /** Ports on which tables, queues and checkpoints are served to other programs on this machine. 0 for any free port. */
  readonly ports: {
    readonly dynamodb: number;
    readonly sqs: number;
    readonly checkpoints: number;
    /** Whether any free port may be used instead of the one for tables, if that is taken. */
    readonly mayChange: boolean;
  };
  /** The key of the system itself. Other processes of it sign their requests with it. */
  readonly accessKey: AccessKey;
  /** The key of other programs, which have tables of their own. Absent if the tables are at another endpoint. */
  readonly programKey?: AccessKey;
}
