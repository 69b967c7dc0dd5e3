import type { Queue } from '@posthorn/contracts';

/** The settings of a queue, for the template and the local cloud. */
export interface QueueDefinition {
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  /** Where its dead letters are. Without a `maxReceiveCount` only workers move jobs there, never the queue itself. */
  readonly deadLetters?: { readonly queue: Queue; readonly maxReceiveCount?: number };
}

/**
 * The time limit of the workers: up to a second for a turn, up to 7 s for the code of the endpoint's owner, one exchange of
 * 15 s, with its reads and its record.
 */
export const workerTimeoutSeconds = 28;

/** The time limit of the worker of the FIFO queue: it attempts the deliveries of a group one after the other. */
export const groupWorkerTimeoutSeconds = 90;

const fourteenDays = 1_209_600;
/** AWS recommends six times the function's time limit: a throttled poller tries again for that long. */
const visibilityTimeoutSeconds = 6 * workerTimeoutSeconds;
const deadLetterQueue = { visibilityTimeoutSeconds, retentionSeconds: fourteenDays };

/**
 * SQS's highest limit. Workers set aside what can never be done, so only an outage or a worker that dies brings a job
 * back that often, and an outage must not end a delivery by count: 1,000 receives take 33 hours or more.
 */
const maxReceiveCount = 1_000;

/** The queues. */
export const queueDefinitions: Readonly<Record<Queue, QueueDefinition>> = {
  deliveries: {
    fifo: false,
    visibilityTimeoutSeconds,
    retentionSeconds: fourteenDays,
    deadLetters: { queue: 'deliveries-dead-letters', maxReceiveCount },
  },
  'deliveries-slow': {
    fifo: false,
    visibilityTimeoutSeconds,
    retentionSeconds: fourteenDays,
    deadLetters: { queue: 'deliveries-dead-letters', maxReceiveCount },
  },
  'deliveries.fifo': {
    fifo: true,
    visibilityTimeoutSeconds: 6 * groupWorkerTimeoutSeconds,
    retentionSeconds: fourteenDays,
    // No limit of receives: the queue would move a job past the others of its group.
    deadLetters: { queue: 'deliveries-dead-letters.fifo' },
  },
  'deliveries-dead-letters': { fifo: false, ...deadLetterQueue },
  'deliveries-dead-letters.fifo': { fifo: true, ...deadLetterQueue },
  'stream-failures': { fifo: false, ...deadLetterQueue },
  tasks: {
    fifo: false,
    visibilityTimeoutSeconds,
    retentionSeconds: fourteenDays,
    deadLetters: { queue: 'tasks-dead-letters', maxReceiveCount },
  },
  'tasks-dead-letters': { fifo: false, ...deadLetterQueue },
};
