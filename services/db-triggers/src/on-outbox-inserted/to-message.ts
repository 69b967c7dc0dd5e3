import { messageIn } from '@posthorn/contracts/api/message';
import { jsonContentType, toShortOrderingKey, UnusableData } from '@posthorn/core';
import { deriveMessageId, type MessageIdentity, type NewMessage } from '@posthorn/intake';
import type { OutboxRow } from '@posthorn/models/outbox';
import * as z from 'zod/mini';

/** A row may have been made a day before it is put, but not after: then the clock that made it is wrong. */
const oldestMs = 24 * 60 * 60 * 1000;
const latestMs = 60 * 60 * 1000;

export interface OutboxMessage {
  readonly message: NewMessage;
  readonly identity: MessageIdentity;
}

/**
 * Makes the message of a row, by the rules of the HTTP API. The same row gives the same message id.
 *
 * @param putAt - when the row was put, from the record of its stream
 * @throws UnusableData if the row breaks a rule. The text names the attribute, and has no content of the row
 */
export function toMessage(row: OutboxRow, putAt: Date): OutboxMessage {
  const { orderingKey, id, createdAt, organisationId = '', application, eventType, payload } = row;
  const aheadMs = createdAt.getTime() - putAt.getTime();
  if (aheadMs > latestMs || aheadMs < -oldestMs) throw invalid('createdAt');
  const [eventId, channels, tags] = [row.eventId, distinct(row.channels), distinct(row.tags)];
  const checked = z.safeParse(messageIn, { eventType, payload: parse(payload), eventId, ...lists({ channels, tags }) });
  if (!checked.success) throw invalid(String(checked.error.issues[0]?.path[0]));
  return {
    message: {
      eventType,
      body: payload,
      contentType: jsonContentType,
      channels,
      tags,
      orderingKey: toShortOrderingKey(orderingKey),
      ...(eventId !== undefined && { eventId }),
    },
    identity: {
      kind: 'given',
      // The application is part of it: an id is unique over all applications.
      messageId: deriveMessageId(['outbox', organisationId, application, orderingKey, id], createdAt),
    },
  };
}

const invalid = (attribute: string) => new UnusableData(`row has an invalid attribute: ${attribute}`);

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** The API takes an absent list, but not an empty one. */
const lists = (all: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(all).filter(([, texts]) => texts.length > 0));

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
