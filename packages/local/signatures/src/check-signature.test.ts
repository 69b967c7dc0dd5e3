import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { checkSignature, type SignedRequest } from './check-signature.ts';

const key = { id: 'posthorn', secret: 'the secret' };
let request: SignedRequest;
let sentAt: number;

/** A request that the SDK has signed and sent. */
beforeAll(async () => {
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const { method = '', url = '', headers } = message;
    request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    sentAt = Date.now();
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a path/?b=2&a=1`;
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const sqs = new SQSClient({ region: 'us-east-1', endpoint, credentials });
  await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'größe' }));
  sqs.destroy();
  server.close();
});

const minuteMs = 60_000;
const reasonOf = (changes: Partial<SignedRequest>, given = key, now = sentAt) =>
  checkSignature({ ...request, ...changes }, given, now)?.reason;

it('accepts a request of the SDK for fifteen minutes', () => {
  expect(reasonOf({})).toBeUndefined();
  expect(reasonOf({}, key, sentAt + 14 * minuteMs)).toBeUndefined();
  expect(reasonOf({}, key, sentAt + 16 * minuteMs)).toBe('expired');
  expect(reasonOf({}, key, sentAt - 16 * minuteMs)).toBe('expired');
});

it('accepts its body as bytes too', () => {
  expect(reasonOf({ body: Buffer.from(request.body) })).toBeUndefined();
});

it.each<[string, () => Partial<SignedRequest>]>([
  ['body', () => ({ body: `${request.body} ` })],
  ['path', () => ({ url: '/other' })],
  ['method', () => ({ method: 'PUT' })],
  ['time', () => ({ headers: { ...request.headers, 'x-amz-date': '20260102T030405Z' } })],
  ['operation', () => ({ headers: { ...request.headers, 'x-amz-target': 'AmazonSQS.PurgeQueue' } })],
])('refuses it with another %s', (_, changes) => {
  expect(reasonOf(changes())).toBe('wrong');
});

it('refuses another key, and says that it does not know an id', () => {
  expect(reasonOf({}, { ...key, secret: 'another' })).toBe('wrong');
  expect(reasonOf({}, { ...key, id: 'another' })).toBe('unknown-key');
});

it.each([undefined, '', 'Bearer x', 'AWS4-HMAC-SHA256 Credential=a'])(
  'refuses the authorization %j',
  (authorization) => {
    const { authorization: _, ...headers } = request.headers;
    expect(reasonOf({ headers: authorization === undefined ? headers : { ...headers, authorization } })).toBe(
      'missing',
    );
  },
);

it('accepts the signature of any key if it knows none', () => {
  expect(checkSignature({ ...request, body: 'another' }, undefined, sentAt)).toBeUndefined();
});

it('never tells the secret', () => {
  for (const given of [
    { ...key, secret: 'another' },
    { ...key, id: 'another' },
  ])
    expect(checkSignature(request, given, sentAt)?.message).not.toContain(given.secret);
});
