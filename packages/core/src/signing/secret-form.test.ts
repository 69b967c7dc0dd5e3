import { createSigningKeyPair, parseSigningSecret } from './secret.ts';
import { signingSecretPattern } from './secret-form.ts';

const shared = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 0xa7).toString('base64')}`;

const isParsed = (text: string): boolean => {
  try {
    parseSigningSecret(text);
    return true;
  } catch {
    return false;
  }
};

describe('the form of a signing secret', () => {
  it.each(Array.from({ length: 78 }, (_, bytes) => shared(bytes)))('is that of what can be read: %s', (text) => {
    expect(signingSecretPattern.test(text)).toBe(isParsed(text));
  });

  it('is that of a key pair', () => {
    const pair = createSigningKeyPair(Buffer.alloc(32, 7));
    expect(signingSecretPattern.test(pair)).toBe(true);
    expect(signingSecretPattern.test(pair.slice(0, -4))).toBe(false);
  });

  it.each([
    shared(24).replace('whsec_', 'whpk_'),
    shared(25).replace(/=+$/, ''),
    // Bits that carry nothing are not 0.
    `${shared(25).slice(0, -3)}x==`,
    `${shared(26).slice(0, -2)}x=`,
    `${shared(24)}\n`,
  ])('is not that of %j', (text) => {
    expect(signingSecretPattern.test(text)).toBe(false);
    expect(isParsed(text)).toBe(false);
  });
});
