import type { Transformed, Webhook } from '@posthorn/core';
import { maxResultBytes } from './limits.ts';

const methods = ['POST', 'PUT', 'PATCH'];

/**
 * Checks what a sandbox returned: its text comes from a tenant, whatever the program around the tenant's code does. The URL
 * and the names of headers are checked by whoever sends the request.
 *
 * @param given - what the code got: it stands for what the code left out
 */
export function readResult(text: string, given: Webhook): Transformed {
  if (Buffer.byteLength(text) > maxResultBytes) return failed(`the result is longer than ${maxResultBytes} bytes`);
  const parsed = parse(text);
  if (parsed === undefined) return failed('the result is not JSON');
  if (parsed.cancel === true) return { kind: 'canceled' };
  const { method = given.method, url = given.url, headers = given.headers, body = given.body } = parsed;
  if (typeof method !== 'string' || !methods.includes(method))
    return failed(`method must be one of ${methods.join(', ')}`);
  if (typeof url !== 'string') return failed('url must be a text');
  if (typeof body !== 'string') return failed('the payload must be JSON');
  if (!isTextMap(headers)) return failed('headers must be an object of texts');
  return { kind: 'changed', method, url, headers, body };
}

const failed = (reason: string): Transformed => ({ kind: 'failed', reason: `the transformation failed: ${reason}` });

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    // The check of its type is all that a value of JSON needs to be read as a record.
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // The tenant's code can make the program return any text.
    return undefined;
  }
}

const isTextMap = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string');
