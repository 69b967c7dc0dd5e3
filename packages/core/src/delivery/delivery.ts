import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';

/** One message on its way to one endpoint, at the attempt that is to be made next. */
export interface Delivery {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  /** From 1. A manual attempt counts by itself and is always 1. */
  readonly attemptNumber: number;
  /** When this attempt was planned for: its id derives from it, so that a replay finds the same id. */
  readonly scheduledAt: Date;
  readonly trigger: AttemptTrigger;
  /** Only on manual attempts, whose id was given out when they were asked for. */
  readonly attemptId?: string;
}

/** Names a delivery: the same for every attempt of a message at an endpoint. */
export const deliveryIdOf = ({ messageId, endpointId }: Pick<Delivery, 'messageId' | 'endpointId'>): string =>
  `${messageId}_${endpointId}`;
