import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type MessageIn, messageIn } from '@posthorn/contracts/api/message';
import { jsonContentType, ValidationError } from '@posthorn/core';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';
import { checkSpellings } from '@posthorn/core/endpoint/header-rules';
import { rawPayloadOf } from '@posthorn/core/message/raw-payload';
import type { NewMessage } from '@posthorn/intake';
import { readBody } from '../http/read-body.ts';
import { invalidField, notJson } from '../http/refusals.ts';

/** A request to send a message. */
export interface MessageRequest {
  readonly message: NewMessage;
  /** The application to create if there is none with the name in the path. */
  readonly application: ApplicationIn | undefined;
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/**
 * Reads a message from the text of its request. The payload is a slice of that text, so its bytes never change.
 * `JSON.parse` is called here, because the middleware refuses some member names that payloads may have.
 *
 * @throws ValidationError with every error in the body
 */
export function readMessage(text: string | undefined): MessageRequest {
  const request = readBody(messageIn, parse(text ?? ''));
  const message = {
    eventType: request.eventType,
    ...toBody(request, text ?? ''),
    channels: distinct(request.channels),
    tags: distinct(request.tags),
    ...(request.eventId ? { eventId: request.eventId } : {}),
    ...toRetention(request),
  };
  return { message, application: request.application ?? undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(cause);
  }
}

function toBody(
  { payload, data, transformationsParams }: MessageIn,
  text: string,
): Pick<NewMessage, 'body' | 'contentType'> {
  const raw = transformationsParams?.rawPayload;
  if (raw != null) return { body: raw, contentType: toContentType(transformationsParams?.headers) };
  if (payload != null && data != null) refuseTwoPayloads(text);
  const body = rawPayloadOf(text);
  if (body === undefined) throw invalidField(['body', 'payload'], 'must be given');
  return { body, contentType: jsonContentType };
}

/** Payloads are compared by their bytes. */
function refuseTwoPayloads(text: string): void {
  const slices = { payload: rawPayloadOf(text, ['payload']), data: rawPayloadOf(text, ['data']) };
  resolveAlias(slices, { names: ['payload', 'data'], stored: undefined });
}

function toContentType(headers: Readonly<Record<string, string>> | null | undefined): string {
  const issues = checkSpellings(Object.keys(headers ?? {}), ['body', 'transformationsParams', 'headers']);
  if (issues.length > 0) throw new ValidationError(issues);
  const given = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (given === undefined) return jsonContentType;
  if (/^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(given)) return given;
  throw invalidField(['body', 'transformationsParams', 'headers', 'content-type'], 'must be a header value');
}

function toRetention({ payloadRetentionPeriod: days, payloadRetentionHours: hours }: MessageIn) {
  if (hours != null) return { retentionMs: hours * hourMs };
  return days != null ? { retentionMs: days * dayMs } : {};
}

const distinct = (values: readonly string[] | null | undefined): string[] => [...new Set(values ?? [])];
