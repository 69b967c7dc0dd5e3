import type { ServerResponse } from 'node:http';
import { isJsonObject } from '@posthorn/local-event-sources';

/** An answer that can be sent. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Buffer;
  readonly cookies: readonly string[];
}

/**
 * Reads what a function returned as API Gateway does (payload format 2.0).
 *
 * @throws if it is not an answer
 */
export function readAnswer(result: unknown): Answer {
  if (result === undefined || result === null) throw new Error('the function returned no answer');
  if (!isJsonObject(result) || result.statusCode === undefined) return jsonAnswer(200, result);
  const { statusCode, headers, body, cookies, isBase64Encoded } = result;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599)
    throw new Error('the function returned an answer with an invalid statusCode');
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new Error('the function returned an answer whose body is not text');
  return {
    statusCode,
    headers: (headers ?? {}) as Answer['headers'],
    body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
    cookies: (cookies ?? []) as Answer['cookies'],
  };
}

const jsonAnswer = (statusCode: number, value: unknown): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
  cookies: [],
});

/** An answer of the documented shape, for a failure outside of a function. */
export const failureAnswer = (statusCode: number, code: string, detail: string): Answer =>
  jsonAnswer(statusCode, { code, detail });

export function writeAnswer(response: ServerResponse, { statusCode, headers, body, cookies }: Answer): void {
  const bytes = Buffer.byteLength(body);
  const hasBody = statusCode !== 204 && statusCode !== 304;
  response.writeHead(statusCode, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    ...(hasBody && { 'content-length': bytes }),
  });
  response.end(hasBody ? body : undefined);
}
