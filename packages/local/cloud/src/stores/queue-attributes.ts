/** A queue to create: what AWS::SQS::Queue says of it in CloudFormation, in this language's words. */
export interface LocalQueue {
  readonly name: string;
  readonly fifo?: boolean;
  readonly visibilityTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly delaySeconds?: number;
  readonly contentBasedDeduplication?: boolean;
  /** Where a message goes that was received more often than this. */
  readonly deadLetters?: { readonly name: string; readonly maxReceiveCount: number };
}

const account = '000000000000';

/** SQS asks that a dead-letter queue is there before the queue that names it. */
export function deadLetterQueuesFirst(queues: readonly LocalQueue[]): readonly LocalQueue[] {
  const named = new Set(queues.flatMap(({ deadLetters }) => deadLetters?.name ?? []));
  return [...queues.filter(({ name }) => named.has(name)), ...queues.filter(({ name }) => !named.has(name))];
}

/** The queue's attributes as SQS's CreateQueue takes them. */
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
