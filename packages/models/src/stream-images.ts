import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type CountedAttempt,
  type FactAttempt,
  type FanOutMessage,
  type GroupCommand,
  isId,
  mayHaveFacts,
  type Resend,
  timeOfId,
  wasCanceledByCode,
} from '@posthorn/core';
import { attemptStatusOf, endpointOfPartition, readFactAttempt } from './attempts/attempt-row.ts';
import { readBody } from './messages/message-body.ts';
import { applicationOfPartition, messageRowKindOf, readCommand, readResend } from './messages/message-row.ts';
import {
  ForeignRow,
  ifPresent,
  instantOf,
  numberOf,
  type Row,
  textOf,
  textsOf,
  toRow,
  withoutAbsent,
} from './rows/row.ts';

/** A row in a stream record. Lambda's event is JSON, with binary values as base64 text. */
export type StreamImage = Readonly<Record<string, StreamValue>>;

/** A value in a stream image. */
export interface StreamValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: string | Uint8Array | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly L?: readonly StreamValue[] | undefined;
  readonly M?: StreamImage | undefined;
  readonly SS?: readonly string[] | undefined;
  readonly NS?: readonly string[] | undefined;
  readonly BS?: readonly (string | Uint8Array)[] | undefined;
}

/** A row of the messages table. */
export type MessagesTableRow =
  | {
      readonly kind: 'message';
      readonly message: FanOutMessage;
      /** Reads the body, which fan-out seldom needs. Absent if the body is stored in chunk rows. */
      readonly readBody?: () => Promise<string>;
    }
  /** Gives a message with sharded placement its place in the application's order. */
  | { readonly kind: 'relay'; readonly applicationId: string; readonly messageId: string }
  | { readonly kind: 'resend'; readonly resend: Resend }
  | { readonly kind: 'command'; readonly command: GroupCommand }
  /** A part of a body that is too large for the message's row. */
  | { readonly kind: 'chunk' };

/** The part of an attempt that the trigger of attempts reads. */
export interface AttemptsTableRow extends Omit<CountedAttempt, 'sequenceNumber'> {
  readonly responseDurationMs: number;
  /** The code of the endpoint's owner canceled the message, so nothing was sent. */
  readonly wasCanceled: boolean;
  /** Only on attempts that can lead to facts: most of them do not. */
  readonly facts?: FactAttempt;
}

/**
 * Reads the image of a row of the messages table.
 *
 * @throws UnusableData if it is not a row of that table
 */
export function readMessageImage(image: StreamImage): MessagesTableRow {
  const row = readStreamRow(image);
  const kind = messageRowKindOf(row);
  switch (kind) {
    case 'message':
      return readMessage(row);
    case 'relay':
      return { kind, ...idsOf(row) };
    case 'resend':
      return { kind, resend: readResend(row) };
    case 'command':
      return { kind, command: readCommand(row) };
    case 'chunk':
      return { kind };
  }
}

/**
 * Reads the image of a row of the attempts table.
 *
 * @throws UnusableData if it is not a row of that table
 */
export function readAttemptImage(image: StreamImage): AttemptsTableRow {
  const row = readAttributes(image, countedAttributes);
  const source = textOf(row, 'partition');
  const attemptId = textOf(row, 'attemptId');
  if (!isId('attempt', attemptId)) throw new ForeignRow('attemptId');
  const status = attemptStatusOf(row);
  const isWhole = mayHaveFacts({ attemptNumber: numberOf(row, 'number'), status });
  return {
    applicationId: textOf(row, 'app'),
    endpointId: endpointOfPartition(source),
    eventType: textOf(row, 'type'),
    source,
    succeeded: status === 'succeeded',
    attemptedAt: instantOf(row, 'at'),
    plannedAt: timeOfId(attemptId),
    responseDurationMs: numberOf(row, 'ms'),
    wasCanceled: wasCanceledByCode({ status, responseStatusCode: numberOf(row, 'code') }),
    ...(isWhole && { facts: readFactAttempt(readAttributes(image, factAttributes)) }),
  };
}

const countedAttributes = ['partition', 'attemptId', 'app', 'type', 'status', 'at', 'number', 'ms', 'code'] as const;

/** Without the answer's body: it may be large. */
const factAttributes = [
  ...countedAttributes,
  'org',
  'messageId',
  'message',
  'trigger',
  'next',
  'end',
  'eventId',
] as const;

const readAttributes = (image: StreamImage, names: readonly string[]): Row =>
  readStreamRow(Object.fromEntries(names.flatMap((name) => entryOf(image, name))));

const entryOf = (image: StreamImage, name: string): readonly (readonly [string, StreamValue])[] => {
  const value = image[name];
  return value === undefined ? [] : [[name, value]];
};

function readMessage(row: Row): MessagesTableRow {
  const message = {
    ...idsOf(row),
    organisationId: textOf(row, 'org'),
    eventType: textOf(row, 'type'),
    channels: textsOf(row, 'channels'),
    ...withoutAbsent({
      orderingKey: ifPresent(row, 'orderingKey', textOf),
      onlyTo: ifPresent(row, 'onlyTo', textOf),
      deliverAt: ifPresent(row, 'deliverAt', instantOf),
    }),
    acceptedAt: instantOf(row, 'at'),
  };
  return { kind: 'message', message, ...(row.chunks === undefined && { readBody: () => readBody(row, []) }) };
}

const idsOf = (row: Row) => ({
  applicationId: applicationOfPartition(textOf(row, 'partition')),
  messageId: textOf(row, 'row'),
});

/** Reads the image of any row. */
export const readStreamRow = (image: StreamImage): Row => toRow(toItem(image));

const toItem = (image: StreamImage): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toAttributeValue(value)]));

function toAttributeValue({ S, N, B, BOOL, L, M, SS, NS, BS }: StreamValue): AttributeValue {
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (BOOL !== undefined) return { BOOL };
  if (L !== undefined) return { L: L.map(toAttributeValue) };
  if (B !== undefined) return { B: toBytes(B) };
  if (M !== undefined) return { M: toItem(M) };
  if (SS !== undefined) return { SS: [...SS] };
  if (NS !== undefined) return { NS: [...NS] };
  if (BS !== undefined) return { BS: BS.map(toBytes) };
  return { NULL: true };
}

const toBytes = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : value;
