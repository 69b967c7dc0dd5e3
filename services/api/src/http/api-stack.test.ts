import type { Context } from 'aws-lambda';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { createApiStack } from './api-stack.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
// The functions read nothing else of their context.
const aContext = (remainingMs = 20_000) =>
  ({ awsRequestId: 'request', getRemainingTimeInMillis: () => remainingMs }) as Context;

const serve = (handle: (event: ApiEvent) => Promise<ApiAnswer>, event: ApiEvent, context = aContext()) =>
  createApiStack({ log: silent, logRequest: () => undefined }).handler(handle)(event, context);
const echo = async ({ bodyText }: ApiEvent): Promise<ApiAnswer> => ({ statusCode: 200, body: bodyText ?? '' });

/** A POST that API Gateway passes as text: each sequence that is not UTF-8 is one U+FFFD. */
const asText = (sent: Buffer, headers = { 'Content-Length': String(sent.length) }): ApiEvent => ({
  ...aRequest({ method: 'POST', path: '/' }),
  headers,
  body: sent.toString('utf8'),
});

/** The same POST from a gateway that keeps bytes. */
const asBase64 = (sent: Buffer): ApiEvent => ({
  ...aRequest({ method: 'POST', path: '/' }),
  headers: {},
  body: sent.toString('base64'),
  isBase64Encoded: true,
});

const json = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([...part]))));

const utf8Refused = {
  statusCode: 422,
  body: JSON.stringify({ detail: [{ loc: ['body'], msg: 'must be JSON in UTF-8', type: 'value_error.jsondecode' }] }),
};

describe('a body', () => {
  it.each([
    ['a byte of Latin-1', json('{"payload":"', [0xe9], '"}')],
    ['an overlong encoding', json('{"a":"', [0xc0, 0xaf], '"}')],
    ['a lone continuation byte in a key', json('{"a', [0x80], '":1}')],
    ['a truncated sequence at its end', json('{"a":"', [0xc3])],
    ['a surrogate', json('{"a":"', [0xed, 0xa0, 0x80], '"}')],
  ])('with %s is refused, as text and as bytes', async (_, sent) => {
    expect(await serve(echo, asText(sent))).toMatchObject(utf8Refused);
    expect(await serve(echo, asBase64(sent))).toMatchObject(utf8Refused);
  });

  it('with a truncated sequence of three bytes, as long as U+FFFD, is refused as bytes', async () => {
    expect(await serve(echo, asBase64(json('{"a":"', [0xf0, 0x9f, 0x98], '"}')))).toMatchObject(utf8Refused);
  });

  it.each([
    ['U+FFFD itself', json('{"a":"\uFFFD"}')],
    ['every length of UTF-8', json('{"a":"aé€😀"}')],
  ])('with %s is accepted, as text and as bytes', async (_, sent) => {
    expect(await serve(echo, asText(sent))).toMatchObject({ statusCode: 200, body: sent.toString() });
    expect(await serve(echo, asBase64(sent))).toMatchObject({ statusCode: 200, body: sent.toString() });
  });

  it.each([{}, { 'content-length': 'abc' }])('is accepted if its length was not sent (%j)', async (headers) => {
    expect(await serve(echo, asText(json('{"a":1}'), headers as { 'Content-Length': string }))).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('a request', () => {
  it('is answered with 500 if the function returns no answer', async () => {
    const nothing = (async () => undefined) as unknown as () => Promise<ApiAnswer>;
    const answer = await serve(nothing, aRequest({}));
    expect(answer.statusCode).toBe(500);
    expect(bodyOf(answer)).toEqual({ code: 'internal_error', detail: expect.any(String) });
  });

  it('is answered with 503 if it is not done shortly before the function’s timeout', async () => {
    const answer = await serve(() => new Promise(() => undefined), aRequest({}), aContext(1_010));
    expect(answer.statusCode).toBe(503);
    expect(bodyOf(answer)).toEqual({ code: 'unavailable', detail: expect.any(String) });
  });

  it('is answered with 503 and the reason if the disk is full', async () => {
    const full = Object.assign(new Error('/home/x'), { name: 'InsufficientStorageException' });
    const answer = await serve(() => Promise.reject(full), aRequest({}));
    expect(answer.statusCode).toBe(503);
    expect(bodyOf(answer)).toEqual({ code: 'unavailable', detail: expect.stringContaining('too little free space') });
  });

  it.each([
    ['a store that does not answer', Object.assign(new Error('no answer'), { name: 'TimeoutError' }), 503],
    ['a store that refuses connections', Object.assign(new Error('/home/x'), { code: 'ECONNREFUSED' }), 503],
    ['a fault of ours', new TypeError('x of undefined at /home/x.ts'), 500],
  ])('that meets %s is answered without details', async (_, error, statusCode) => {
    const answer = await serve(() => Promise.reject(error), aRequest({}));
    expect(answer.statusCode).toBe(statusCode);
    expect(bodyOf(answer)).toEqual({ code: expect.any(String), detail: expect.not.stringMatching(/home|answer$/) });
  });
});
