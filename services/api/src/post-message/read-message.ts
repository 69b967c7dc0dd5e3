import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type MessageIn, messageIn } from '@posthorn/contracts/api/message';
import { jsonContentType, ValidationError } from '@posthorn/core';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';
import { checkSpellings } from '@posthorn/core/endpoint/header-rules';
import { maxDeliverAtMs, type NewMessage } from '@posthorn/intake';
import { readBody } from '../http/read-body.ts';
import { invalidField } from '../http/refusals.ts';
import { type ScannedRequest, scanRequest } from './scan-request.ts';

/** A request to send a message. */
export interface MessageRequest {
  readonly message: NewMessage;
  /** The application to create if there is none with the name in the path. */
  readonly application: ApplicationIn | undefined;
  /** Whether the body is known to be a JSON object. A raw payload can be any text. */
  readonly hasObject: boolean;
  /** Where the payload is in the request. */
  readonly payloadLoc: readonly string[];
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/**
 * Reads a message from the text of its request. The payload is a slice of that text, so its bytes never change. The text
 * is read here, because the middleware refuses some member names that payloads may have.
 *
 * @throws ValidationError with the first hundred errors in the body
 */
export function readMessage(text: string | undefined, now: Date): MessageRequest {
  const { value, payloads } = scanRequest(text ?? '');
  const request = readBody(messageIn, value);
  const message = {
    eventType: request.eventType,
    ...toBody(request, payloads),
    channels: distinct(request.channels),
    tags: distinct(request.tags),
    ...(request.eventId ? { eventId: request.eventId } : {}),
    ...toRetention(request),
    ...toDeliverAt(request, now),
  };
  const hasObject = request.transformationsParams?.rawPayload == null;
  const payloadLoc = hasObject
    ? ['body', request.payload == null ? 'data' : 'payload']
    : ['body', 'transformationsParams', 'rawPayload'];
  return { message, application: request.application ?? undefined, hasObject, payloadLoc };
}

function toBody(
  { payload, data, transformationsParams }: MessageIn,
  payloads: ScannedRequest['payloads'],
): Pick<NewMessage, 'body' | 'contentType'> {
  const raw = transformationsParams?.rawPayload;
  if (raw != null) return { body: raw, contentType: toContentType(transformationsParams?.headers) };
  if (payload != null && data != null) refuseTwoPayloads(payloads);
  const body = payloads.get(payload == null ? 'data' : 'payload');
  if (body === undefined) throw invalidField(['body', 'payload'], 'must be given');
  return { body, contentType: jsonContentType };
}

/** Payloads are compared by their bytes. */
function refuseTwoPayloads(payloads: ScannedRequest['payloads']): void {
  const slices = { payload: payloads.get('payload'), data: payloads.get('data') };
  resolveAlias(slices, { names: ['payload', 'data'], stored: undefined });
}

function toContentType(headers: Readonly<Record<string, string>> | null | undefined): string {
  const issues = checkSpellings(Object.keys(headers ?? {}), ['body', 'transformationsParams', 'headers']);
  if (issues.length > 0) throw new ValidationError(issues);
  return Object.values(headers ?? {})[0] ?? jsonContentType;
}

function toRetention({ payloadRetentionPeriod: days, payloadRetentionHours: hours }: MessageIn) {
  if (days != null && hours != null)
    throw invalidField(['body', 'payloadRetentionHours'], 'must not be given together with payloadRetentionPeriod');
  if (hours != null) return { retentionMs: hours * hourMs };
  return days != null ? { retentionMs: days * dayMs } : {};
}

/**
 * A time that has passed means at once: a request can be repeated, and clocks differ. A request is not repeated a day
 * later, so an older time is a mistake.
 */
function toDeliverAt({ deliverAt }: MessageIn, now: Date): Pick<NewMessage, 'deliverAt'> {
  if (deliverAt == null) return {};
  const aheadMs = deliverAt.getTime() - now.getTime();
  if (aheadMs > maxDeliverAtMs) throw invalidField(['body', 'deliverAt'], 'must be at most 24 hours in the future');
  if (aheadMs < -maxDeliverAtMs)
    throw invalidField(['body', 'deliverAt'], 'must not be more than 24 hours in the past');
  return { deliverAt };
}

const distinct = (values: readonly string[] | null | undefined): string[] => [...new Set(values ?? [])];
