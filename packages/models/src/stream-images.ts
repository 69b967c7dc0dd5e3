import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CountedAttempt, FanOutMessage, Resend } from '@posthorn/core';
import { attemptStatusOf, endpointOfPartition } from './attempts/attempt-row.ts';
import { readBody } from './messages/message-body.ts';
import { applicationOfPartition, messageRowKindOf, readResend } from './messages/message-row.ts';
import { ForeignRow, instantOf, type Row, textOf, textsOf } from './rows/row.ts';

/** A row as a table's stream tells of it: Lambda's event has it as JSON, in which binary values are base64 text. */
export type StreamImage = Readonly<Record<string, StreamValue>>;

/** A value of a stream image, of one of DynamoDB's types. */
export interface StreamValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: string | Uint8Array | undefined;
  readonly BOOL?: boolean | undefined;
  readonly L?: readonly StreamValue[] | undefined;
}

/** A message as its row's image tells of it. */
export type ImagedMessage = Omit<FanOutMessage, 'body'> & {
  /** Absent when the body is kept apart from the row. */
  readonly body?: string;
};

/** What an insert into the messages table asks for, and of which message. */
export type MessageImage = Pick<FanOutMessage, 'applicationId' | 'messageId'> &
  (
    | { readonly kind: 'message'; readonly message: ImagedMessage }
    /** A message of the sharded placement that takes its place in the application's order. */
    | { readonly kind: 'relay'; readonly organisationId: string; readonly acceptedAt: Date }
    | { readonly kind: 'resend'; readonly resend: Resend }
  );

/**
 * Reads the image of a row that was inserted into the messages table.
 *
 * @throws ForeignRow when it is none that asks for anything
 */
export function readMessageImage(image: StreamImage): MessageImage {
  const row = toRow(image);
  switch (messageRowKindOf(row)) {
    case 'message':
      return readMessage(row);
    case 'relay':
      return readRelay(row);
    case 'resend':
      return readResendImage(row);
    case 'chunk':
      throw new ForeignRow('kind');
  }
}

/**
 * Reads the image of a row that was inserted into the attempts table.
 *
 * @throws ForeignRow when it is no attempt
 */
export function readAttemptImage(image: StreamImage, sequenceNumber: string): CountedAttempt {
  const { response: _, ...counted } = image;
  const row = toRow(counted);
  const source = textOf(row, 'partition');
  return {
    endpointId: endpointOfPartition(source),
    source,
    sequenceNumber,
    succeeded: attemptStatusOf(row) === 'succeeded',
    attemptedAt: instantOf(row, 'at'),
  };
}

function readMessage(row: Row): MessageImage {
  const ids = idsOf(row);
  const message = {
    ...ids,
    organisationId: textOf(row, 'org'),
    eventType: textOf(row, 'type'),
    channels: textsOf(row, 'channels'),
    acceptedAt: instantOf(row, 'at'),
    ...(row.chunks === undefined && { body: readBody(row, []) }),
  };
  return { kind: 'message', ...ids, message };
}

const readRelay = (row: Row): MessageImage => ({
  kind: 'relay',
  ...idsOf(row),
  organisationId: textOf(row, 'org'),
  acceptedAt: instantOf(row, 'at'),
});

function readResendImage(row: Row): MessageImage {
  const resend = readResend(row);
  const { applicationId, messageId } = resend;
  return { kind: 'resend', applicationId, messageId, resend };
}

const idsOf = (row: Row) => ({
  applicationId: applicationOfPartition(textOf(row, 'partition')),
  messageId: textOf(row, 'row'),
});

const toRow = (image: StreamImage): Row =>
  unmarshall(Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toAttributeValue(value)])));

function toAttributeValue({ S, N, B, BOOL, L }: StreamValue): AttributeValue {
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (BOOL !== undefined) return { BOOL };
  if (L !== undefined) return { L: L.map(toAttributeValue) };
  if (B !== undefined) return { B: typeof B === 'string' ? Buffer.from(B, 'base64') : B };
  return { NULL: true };
}
