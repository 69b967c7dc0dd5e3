import type {
  AttemptRepository,
  DeliveryRepository,
  ListedMessage,
  MessageRepository,
  MessageStatus,
  PageRequest,
  TimeWindow,
} from '@posthorn/core';
import type { ReadStandingsDeps, ShownStanding } from './read-standings.ts';

export interface AttemptedMessageDeps extends ReadStandingsDeps {
  readonly attempts: Pick<AttemptRepository, 'findAll' | 'listByMessage'>;
  readonly deliveries: Pick<DeliveryRepository, 'findAll' | 'findParked' | 'list'>;
  readonly messages: Pick<MessageRepository, 'findAll' | 'list' | 'readBodies'>;
}

/** A message that was sent to an endpoint or waits for it. */
export interface AttemptedMessage {
  readonly message: ListedMessage;
  readonly standing: ShownStanding;
}

/** Which of an endpoint's messages to list. */
export interface AttemptedMessageRequest {
  readonly window: PageRequest & TimeWindow;
  readonly filters: { readonly channel?: string; readonly tag?: string; readonly eventTypes?: readonly string[] };
  /** Absent: any. */
  readonly statuses?: readonly MessageStatus[];
  readonly now: Date;
}
