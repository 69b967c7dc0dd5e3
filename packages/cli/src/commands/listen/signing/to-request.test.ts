import { createSigningKeyPair, parseSigningSecret, publicFormOf } from '@posthorn/core/signing/secret';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { CliError } from '../../../exit/cli-error.ts';
import { secretOfEndpoint } from '../endpoint/secret-of-endpoint.ts';
import { createSessionSecret, readSecret } from './session-secret.ts';
import { toRequest } from './to-request.ts';

const now = new Date();
const message = { id: 'msg_1', contentType: 'text/plain' };

it('makes requests that a receiver accepts, whatever the body', () => {
  const text = createSessionSecret();
  const secret = readSecret(text, 'the secret');
  fc.assert(
    fc.property(fc.json(), (body) => {
      const { headers } = toRequest(message, { method: 'POST', body, headers: {} }, { secret, now });
      new Webhook(text).verify(body, headers as Record<string, string>);
    }),
  );
});

it('has the headers of a delivery: those of the endpoint too, but none that would replace its own', () => {
  const secret = readSecret(createSessionSecret(), 'the secret');
  const headers = { 'X-Own': '1', 'Content-Type': 'text/html', 'WEBHOOK-ID': 'other' };
  const request = toRequest(message, { method: 'PUT', body: 'a', headers }, { secret, now });
  expect(request).toMatchObject({ method: 'PUT', body: 'a' });
  const timestamp = String(Math.floor(now.getTime() / 1000));
  expect(request.headers).toEqual({
    'X-Own': '1',
    'content-type': 'text/plain',
    'user-agent': expect.stringMatching(/^Posthorn\//),
    ...{ 'webhook-id': 'msg_1', 'svix-id': 'msg_1', 'webhook-timestamp': timestamp, 'svix-timestamp': timestamp },
    'webhook-signature': expect.stringMatching(/^v1,/),
    'svix-signature': request.headers['webhook-signature'],
  });
});

describe('a secret', () => {
  const pair = createSigningKeyPair(Buffer.alloc(32, 1));

  it('can be a key pair', () => {
    const request = toRequest(
      message,
      { method: 'POST', body: '', headers: {} },
      { secret: readSecret(pair, ''), now },
    );
    expect(request.headers['webhook-signature']).toMatch(/^v1a,/);
  });

  it('that is none is refused, and not repeated', () => {
    const refused = () => readSecret('whsec_c2VjcmV0', 'POSTHORN_SIGNING_SECRET');
    expect(refused).toThrow(expect.objectContaining({ exitCode: 2, message: expect.not.stringContaining('c2VjcmV0') }));
    expect(refused).toThrow(CliError);
  });

  it('of an endpoint signs as its deliveries are signed', () => {
    const secret = createSessionSecret();
    expect(secretOfEndpoint({ id: 'ep_1', secret })).toMatchObject({ kind: parseSigningSecret(secret).kind });
  });

  it('of an endpoint with a key pair cannot be had, which is said with what to do', () => {
    expect(() => secretOfEndpoint({ id: 'ep_1', secret: publicFormOf(pair) })).toThrow(
      expect.objectContaining({
        exitCode: 1,
        code: 'private_key_hidden',
        message: expect.stringContaining('ep_1'),
        remedy: expect.stringContaining('POSTHORN_SIGNING_SECRET'),
      }),
    );
  });
});
