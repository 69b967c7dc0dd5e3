import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { createSigningKeyPair, parseSigningSecret, publicFormOf } from '@posthorn/core/signing/secret';
import { signMessage } from '@posthorn/core/signing/sign-message';
import fc from 'fast-check';
import { signBytes } from './sign-bytes.ts';

const shared = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = createSigningKeyPair(Buffer.alloc(32, 7));

it('signs texts as Posthorn signs them', () =>
  fc.assert(
    fc.property(fc.constantFrom(shared, pair), fc.string({ unit: 'grapheme' }), fc.nat(), (secret, text, timestamp) => {
      const signed = signBytes({ id: 'msg_1', timestamp, body: Buffer.from(text) }, secret);
      expect(signed).toBe(signMessage({ messageId: 'msg_1', timestamp, body: text }, [parseSigningSecret(secret)]));
    }),
  ));

it('signs bytes that are no UTF-8', () => {
  const body = randomBytes(40);
  const [, signature = ''] = signBytes({ id: 'msg_1', timestamp: 1, body }, pair).split('v1a,');
  const x = Buffer.from(publicFormOf(pair).slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const content = Buffer.concat([Buffer.from('msg_1.1.'), body]);
  expect(verify(null, content, key, Buffer.from(signature, 'base64'))).toBe(true);
});
