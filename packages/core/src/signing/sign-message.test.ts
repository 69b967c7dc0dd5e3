import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { attemptHeaders } from './attempt-headers.ts';
import {
  createSigningKeyPair,
  createSigningSecret,
  InvalidSigningSecret,
  parseSigningSecret,
  publicFormOf,
} from './secret.ts';
import { liveSecrets, signMessage } from './sign-message.ts';

const shared = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const content = {
  messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
};

describe('signMessage', () => {
  it.each([
    [shared, content, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    [
      'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
      {
        messageId: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
        timestamp: 1649367553,
        body: '{"email":"test@example.com","username":"test_user"}',
      },
      'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=',
    ],
    [pair, content, 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=='],
  ])('gives the published signature of %s', (secret, signed, signature) => {
    expect(signMessage(signed, [parseSigningSecret(secret)])).toBe(signature);
  });

  it('signs once per secret, the current one first', () => {
    const signatures = signMessage(content, [shared, pair].map(parseSigningSecret)).split(' ');
    expect(signatures.map((signature) => signature.split(',')[0])).toEqual(['v1', 'v1a']);
  });

  it('is accepted by the standard verifier, whatever the body', () => {
    const timestamp = Math.floor(Date.now() / 1000);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), fc.jsonValue(), (entropy, payload) => {
        const secret = createSigningSecret(entropy);
        const signed = { messageId: 'msg_1', timestamp, body: JSON.stringify(payload) };
        const headers = attemptHeaders({
          ...signed,
          contentType: 'application/json',
          secrets: [parseSigningSecret(secret)],
          endpointHeaders: {},
        });
        expect(new Webhook(secret).verify(signed.body, headers)).toEqual(JSON.parse(signed.body));
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

describe('a signing secret', () => {
  it('can be made from random bytes, as a shared key or as a pair', () => {
    expect(parseSigningSecret(createSigningSecret(Buffer.alloc(24, 1))).kind).toBe('hmac');
    expect(parseSigningSecret(createSigningKeyPair(Buffer.alloc(32, 1))).kind).toBe('ed25519');
    const seed = Buffer.from(pair.slice('whsk_'.length), 'base64').subarray(0, 32);
    expect(createSigningKeyPair(seed)).toBe(pair);
  });

  it('shows a shared key as it is, and only the public half of a pair', () => {
    expect(publicFormOf(shared)).toBe(shared);
    expect(publicFormOf(pair)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
  });

  it('of a new pair verifies with its public form', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    const half = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const secret = `whsk_${Buffer.concat([seed, half]).toString('base64')}`;
    const [, signature = ''] = signMessage(content, [parseSigningSecret(secret)]).split(',');
    const x = Buffer.from(publicFormOf(secret).slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const text = Buffer.from(`${content.messageId}.${content.timestamp}.${content.body}`);
    expect(verify(null, text, key, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it.each([
    ['without a prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(76).toString('base64')}`],
    ['that is no base64', 'whsec_!!!!'],
    ['without its padding', `whsec_${Buffer.alloc(25).toString('base64').slice(0, -2)}`],
    ['with a line break', `whsec_${Buffer.alloc(24).toString('base64')}\n`],
    ['with halves that do not belong together', `whsk_${Buffer.alloc(64, 7).toString('base64')}`],
    ['of a pair cut short', `whsk_${Buffer.alloc(32, 7).toString('base64')}`],
  ])('%s is refused without being repeated', (_, text) => {
    expect(() => parseSigningSecret(text)).toThrow(InvalidSigningSecret);
    expect(() => parseSigningSecret(text)).not.toThrow(text.slice(6));
  });

  it('signs until its rotation is over', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const secrets = [
      { name: 'current' },
      { name: 'old', expiresAt: new Date('2026-01-01T00:00:01Z') },
      { name: 'over', expiresAt: now },
    ];
    expect(liveSecrets(secrets, now).map(({ name }) => name)).toEqual(['current', 'old']);
  });
});

describe('attemptHeaders', () => {
  it('does not let a header of the endpoint replace one of ours', () => {
    const headers = attemptHeaders({
      ...content,
      contentType: 'application/json',
      secrets: [parseSigningSecret(shared)],
      endpointHeaders: {
        'Webhook-Id': 'x',
        'Content-Type': 'x',
        'X-Own': 'kept',
        constructor: 'kept',
        'svix-signature': 'x',
      },
    });
    expect(headers).toMatchObject({
      'webhook-id': content.messageId,
      'svix-id': content.messageId,
      'content-type': 'application/json',
      'X-Own': 'kept',
      constructor: 'kept',
    });
    expect(Object.values(headers)).not.toContain('x');
  });

  it('has each header of the endpoint once, whatever the case of its name', () => {
    const headers = attemptHeaders({
      ...content,
      contentType: 'application/json',
      secrets: [parseSigningSecret(shared)],
      endpointHeaders: { 'X-Key': 'one', 'x-key': 'two' },
    });
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    expect(names.filter((name) => name === 'x-key')).toHaveLength(1);
    expect(new Set(names).size).toBe(names.length);
  });
});
