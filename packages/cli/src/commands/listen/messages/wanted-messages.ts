import type { PolledMessage } from './read-poll-answer.ts';

/** Which messages are forwarded. An absent list means all. */
export interface MessageFilter {
  readonly eventTypes?: readonly string[] | undefined;
  /** A message needs one of these channels. */
  readonly channels?: readonly string[] | undefined;
}

/** Whether a message passes the filters, by the rules for endpoints: a message without channels has none of them. */
export const isWanted = (
  { eventTypes, channels }: MessageFilter,
  message: Pick<PolledMessage, 'eventType' | 'channels'>,
): boolean =>
  (eventTypes === undefined || eventTypes.includes(message.eventType)) &&
  (channels === undefined || message.channels.some((channel) => channels.includes(channel)));
