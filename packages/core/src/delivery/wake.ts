import { hash } from 'node:crypto';

/**
 * A time at which something that waits is looked at again: the deliveries that an endpoint's breaker holds, or a group of
 * a FIFO destination.
 */
export interface Wake {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly endpointId: string;
  /** The ordering group, as the FIFO queue names it. Absent if the wake is for the endpoint's held deliveries. */
  readonly group?: string;
  /** Which of the changes of what waits the wake is for. In another epoch it has nothing to do. */
  readonly epoch: number;
  /** When it is due. */
  readonly at: Date;
  /** Counts the jobs of one epoch, from 0: a worker without time left sends the next one. */
  readonly slice: number;
}

/** The same for every copy of a wake, so that the FIFO queue takes it once. Its characters are those that SQS allows. */
export const wakeIdOf = ({ endpointId, group, epoch, slice }: Wake): string =>
  `wake_${epoch}_${slice}_${hash('sha256', `${endpointId} ${group ?? ''}`, 'hex').slice(0, 32)}`;
