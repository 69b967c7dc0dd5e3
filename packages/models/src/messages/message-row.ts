import {
  commandIdOf,
  type GroupCommand,
  groupActions,
  jsonContentType,
  type ListedMessage,
  type Message,
  type MessagePlacement,
  placementOfMessageId,
  type Resend,
  shardOf,
} from '@posthorn/core';
import { daysAfter, expiryOf, toEpochSeconds } from '../rows/expiry.ts';
import {
  ifPresent,
  instantOf,
  numberOf,
  oneOf,
  type Row,
  textOf,
  textsOf,
  unlessEmpty,
  withoutAbsent,
} from '../rows/row.ts';

/** An application's messages are spread over this many partitions, unless they are ordered. */
const messageShards = 32;

/** The kinds of rows in the messages table. */
const messageRowKinds = ['message', 'relay', 'resend', 'command', 'chunk'] as const;

/** Time to live of rows that exist only to trigger the stream. */
const requestDays = 2;

const orderedPartition = (applicationId: string): string => `${applicationId}#ordered`;
const shardPartition = (applicationId: string, shard: number): string => `${applicationId}#${shard}`;

/** Every partition that can have messages of the application. */
export const messagePartitions = (applicationId: string): readonly string[] => [
  orderedPartition(applicationId),
  ...Array.from({ length: messageShards }, (_, shard) => shardPartition(applicationId, shard)),
];

const resendPartition = (applicationId: string): string => `${applicationId}#resend`;
const commandPartition = (applicationId: string): string => `${applicationId}#command`;

/** The partitions with requests about messages of the application. */
export const requestPartitions = (applicationId: string): readonly string[] => [
  resendPartition(applicationId),
  commandPartition(applicationId),
];

export const applicationOfPartition = (partition: string): string => partition.slice(0, partition.indexOf('#'));

/** The key of a message's own row. The id says in which kind of partition it is. */
export function messageKey({ applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>) {
  const placement: MessagePlacement = placementOfMessageId(messageId);
  const partition =
    placement === 'ordered'
      ? orderedPartition(applicationId)
      : shardPartition(applicationId, shardOf(messageId, messageShards));
  return { partition, row: messageId };
}

/** A message's own row without its body. */
export const toMessageRow = (message: Message): Row => ({
  ...messageKey(message),
  kind: 'message',
  org: message.organisationId,
  eventId: message.eventId,
  type: message.eventType,
  contentType: message.contentType === jsonContentType ? undefined : message.contentType,
  channels: unlessEmpty(message.channels),
  tags: unlessEmpty(message.tags),
  orderingKey: message.orderingKey,
  onlyTo: message.onlyTo,
  at: message.acceptedAt.toISOString(),
  deliverAt: message.deliverAt?.toISOString(),
  expiresAt: toEpochSeconds(message.expiresAt),
});

/** The attributes that `readListedMessage` reads. */
export const listedAttributes = [
  'partition',
  'row',
  'org',
  'eventId',
  'type',
  'contentType',
  'channels',
  'tags',
  'orderingKey',
  'onlyTo',
  'at',
  'deliverAt',
  'expiresAt',
  'expungedAt',
] as const;

export const readListedMessage = (row: Row): ListedMessage => ({
  organisationId: textOf(row, 'org'),
  applicationId: applicationOfPartition(textOf(row, 'partition')),
  messageId: textOf(row, 'row'),
  ...withoutAbsent({ eventId: ifPresent(row, 'eventId', textOf) }),
  eventType: textOf(row, 'type'),
  contentType: ifPresent(row, 'contentType', textOf) ?? jsonContentType,
  channels: textsOf(row, 'channels'),
  tags: textsOf(row, 'tags'),
  ...withoutAbsent({
    orderingKey: ifPresent(row, 'orderingKey', textOf),
    onlyTo: ifPresent(row, 'onlyTo', textOf),
  }),
  acceptedAt: instantOf(row, 'at'),
  ...withoutAbsent({
    deliverAt: ifPresent(row, 'deliverAt', instantOf),
    expungedAt: ifPresent(row, 'expungedAt', instantOf),
  }),
  expiresAt: expiryOf(row),
});

export const relayKey = ({ applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>) => ({
  partition: orderedPartition(applicationId),
  row: messageId,
});

/** A message's place in its application's order. It has only the message's id; the rest is in the message's own row. */
export const toRelayRow = ({ organisationId, acceptedAt, expiresAt, ...ids }: ListedMessage): Row => ({
  ...relayKey(ids),
  kind: 'relay',
  org: organisationId,
  at: acceptedAt.toISOString(),
  expiresAt: toEpochSeconds(expiresAt),
});

export const toResendRow = (resend: Resend): Row => ({
  partition: resendPartition(resend.applicationId),
  row: resend.attemptId,
  kind: 'resend',
  org: resend.organisationId,
  messageId: resend.messageId,
  endpointId: resend.endpointId,
  at: resend.requestedAt.toISOString(),
  expiresAt: toEpochSeconds(daysAfter(resend.requestedAt, requestDays)),
});

export const readResend = (row: Row): Resend => ({
  organisationId: textOf(row, 'org'),
  applicationId: applicationOfPartition(textOf(row, 'partition')),
  messageId: textOf(row, 'messageId'),
  endpointId: textOf(row, 'endpointId'),
  attemptId: textOf(row, 'row'),
  requestedAt: instantOf(row, 'at'),
});

export const toCommandRow = (command: GroupCommand): Row => ({
  partition: commandPartition(command.applicationId),
  row: commandIdOf(command),
  kind: 'command',
  org: command.organisationId,
  endpointId: command.endpointId,
  group: command.group,
  action: command.action,
  head: command.head,
  attempt: command.attempt,
  at: command.requestedAt.toISOString(),
  expiresAt: toEpochSeconds(daysAfter(command.requestedAt, requestDays)),
});

export const readCommand = (row: Row): GroupCommand => ({
  organisationId: textOf(row, 'org'),
  applicationId: applicationOfPartition(textOf(row, 'partition')),
  endpointId: textOf(row, 'endpointId'),
  group: textOf(row, 'group'),
  action: oneOf(row, 'action', groupActions),
  head: textOf(row, 'head'),
  attempt: numberOf(row, 'attempt'),
  requestedAt: instantOf(row, 'at'),
});

export const messageRowKindOf = (row: Row) => oneOf(row, 'kind', messageRowKinds);
