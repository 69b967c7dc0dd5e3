import type { Queue } from '@posthorn/contracts';

/** How a queue is set up, for the template and the local cloud alike. */
export interface QueueDefinition {
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly deadLetters?: { readonly queue: Queue; readonly maxReceiveCount: number };
}

/** The time limit of both workers: one exchange of 15 s, and its reads and records. */
export const workerTimeoutSeconds = 20;

const fourteenDays = 1_209_600;
/** AWS's advice: a poller that is throttled may try again for six function timeouts. */
const visibilityTimeoutSeconds = 6 * workerTimeoutSeconds;
const deadLetterQueue = { visibilityTimeoutSeconds, retentionSeconds: fourteenDays };

/**
 * The queues. On the FIFO one a job is received once for each attempt and each look at a blocked group, so its limit is
 * SQS's highest; on the standard one only crashes and our own faults bring a job back.
 */
export const queueDefinitions: Readonly<Record<Queue, QueueDefinition>> = {
  deliveries: {
    fifo: false,
    visibilityTimeoutSeconds,
    retentionSeconds: fourteenDays,
    deadLetters: { queue: 'deliveries-dead-letters', maxReceiveCount: 10 },
  },
  'deliveries.fifo': {
    fifo: true,
    visibilityTimeoutSeconds,
    retentionSeconds: fourteenDays,
    deadLetters: { queue: 'deliveries-dead-letters.fifo', maxReceiveCount: 1_000 },
  },
  'deliveries-dead-letters': { fifo: false, ...deadLetterQueue },
  'deliveries-dead-letters.fifo': { fifo: true, ...deadLetterQueue },
  'stream-failures': { fifo: false, ...deadLetterQueue },
};
