/** A queue to create. The fields are properties of AWS::SQS::Queue in CloudFormation. */
export interface QueueDefinition {
  readonly name: string;
  readonly fifo?: boolean;
  /** Default: 30. */
  readonly visibilityTimeoutSeconds?: number;
  /** Default: four days. */
  readonly retentionSeconds?: number;
  /** Default: 0. */
  readonly delaySeconds?: number;
  readonly contentBasedDeduplication?: boolean;
  /** The dead-letter queue, for messages that were received more than `maxReceiveCount` times. */
  readonly deadLetters?: { readonly name: string; readonly maxReceiveCount: number };
}

export const defaultVisibilitySeconds = 30;
export const defaultRetentionSeconds = 345_600;

export const account = '000000000000';

export const toArn = (region: string, name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;

/** Returns the name in a queue's ARN or URL. */
export const nameIn = (arnOrUrl: string): string =>
  arnOrUrl.slice(Math.max(...[...':/'].map((c) => arnOrUrl.lastIndexOf(c))) + 1);
