/** A queue to create. The fields are properties of AWS::SQS::Queue in CloudFormation. */
export interface LocalQueue {
  readonly name: string;
  readonly fifo?: boolean;
  readonly visibilityTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly delaySeconds?: number;
  readonly contentBasedDeduplication?: boolean;
  /** The dead-letter queue, for messages that were received more than `maxReceiveCount` times. */
  readonly deadLetters?: { readonly name: string; readonly maxReceiveCount: number };
}

const account = '000000000000';

/** Puts dead-letter queues first, because SQS requires that they exist before a queue names them. */
export function deadLetterQueuesFirst(queues: readonly LocalQueue[]): readonly LocalQueue[] {
  const named = new Set(queues.flatMap(({ deadLetters }) => deadLetters?.name ?? []));
  return [...queues.filter(({ name }) => named.has(name)), ...queues.filter(({ name }) => !named.has(name))];
}

/** Returns the attributes of a queue for CreateQueue. */
export function toAttributes(queue: LocalQueue, region: string): Record<string, string> {
  const { fifo, visibilityTimeoutSeconds, retentionSeconds, delaySeconds, contentBasedDeduplication, deadLetters } =
    queue;
  return Object.fromEntries(
    Object.entries({
      FifoQueue: fifo === true ? 'true' : undefined,
      VisibilityTimeout: visibilityTimeoutSeconds,
      MessageRetentionPeriod: retentionSeconds,
      DelaySeconds: delaySeconds,
      ContentBasedDeduplication: contentBasedDeduplication === true ? 'true' : undefined,
      RedrivePolicy: deadLetters && JSON.stringify(toRedrivePolicy(deadLetters, region)),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

const toRedrivePolicy = ({ name, maxReceiveCount }: { name: string; maxReceiveCount: number }, region: string) => ({
  deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${name}`,
  maxReceiveCount,
});
