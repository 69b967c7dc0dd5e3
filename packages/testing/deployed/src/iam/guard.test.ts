import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Guard, startGuard } from './guard.ts';
import type { Statements } from './policy.ts';

let emulator: Server;
let seen: string[];
let answer: object;
let guard: Guard;
const policies = new Map<string, Statements>();

beforeEach(async () => {
  seen = [];
  answer = {};
  emulator = createServer((request, response) => {
    seen.push(`${request.headers['x-amz-target']} at ${request.headers.host}`);
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(emulator, 'listening');
  const { port } = emulator.address() as AddressInfo;
  const emulatorUrl = `http://127.0.0.1:${port}`;
  guard = await startGuard({ emulatorUrl, account: '1', policyOf: (caller) => policies.get(caller) });
});
afterEach(async () => {
  await guard.stop();
  emulator.close();
});

const allow = (action: string, resource: string): Statements => [
  { Effect: 'Allow', Action: [action], Resource: [resource] },
];
const call = (caller: string, target: string, body: object = {}) =>
  fetch(guard.url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/r/any/aws4_request, SignedHeaders=host`,
      'x-amz-target': target,
    },
  });

describe('the guard', () => {
  it('forwards what the caller’s role allows, under its own address', async () => {
    policies.set('reader', allow('sqs:ReceiveMessage', 'arn:aws:sqs:r:1:jobs'));
    answer = { Messages: [] };
    const response = await call('reader', 'AmazonSQS.ReceiveMessage', { QueueUrl: 'http://x/1/jobs' });
    expect([response.status, await response.json()]).toEqual([200, answer]);
    expect(seen).toEqual([`AmazonSQS.ReceiveMessage at ${new URL(guard.url).host}`]);
    expect([...guard.used]).toEqual(['reader sqs:ReceiveMessage arn:aws:sqs:r:1:jobs']);
    expect(guard.refusals).toEqual([]);
  });

  it('refuses what another caller’s role allows, before the emulator sees it', async () => {
    policies.set('writer', allow('sqs:SendMessage', 'arn:aws:sqs:r:1:jobs'));
    const response = await call('stranger', 'AmazonSQS.SendMessage', { QueueUrl: 'http://x/1/jobs' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'AccessDeniedException' });
    expect(seen).toEqual([]);
    expect(guard.refusals).toEqual([
      { caller: 'stranger', access: { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:r:1:jobs' } },
    ]);
  });

  it.each([
    ['arn:aws:kms:r:1:key/a', 200],
    ['arn:aws:kms:r:1:key/b', 400],
  ])('checks the key that the response names: for %s it responds with %d', async (KeyId, status) => {
    policies.set('opener', allow('kms:Decrypt', 'arn:aws:kms:r:1:key/a'));
    answer = { KeyId, Plaintext: 'AA==' };
    const response = await call('opener', 'TrentService.Decrypt');
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json()).includes('AA==')).toBe(status === 200);
  });

  it('refuses an unknown call, even if everything is allowed', async () => {
    policies.set('admin', allow('s3:*', '*'));
    expect((await call('admin', 'AWSEvents.PutEvents')).status).toBe(400);
    expect(guard.refusals[0]?.access.action).toBe('unknown:AWSEvents.PutEvents');
  });
});
