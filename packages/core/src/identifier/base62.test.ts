import * as fc from 'fast-check';
import { decodeBase62, digitAt, encodeBase62 } from './base62.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const anyBytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
const check = { seed: 1, numRuns: 1_000 };

/** The plain way, with BigInt. */
function digitsOf(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; text.length < 27; rest /= 62n) text = alphabet[Number(rest % 62n)] + text;
  return text;
}

describe('base62', () => {
  it('has the digits that the number has', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(encodeBase62(bytes, 27)).toBe(digitsOf(bytes));
      }),
      check,
    );
  });

  it('gives back the bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect([...decodeBase62(encodeBase62(bytes, 27), 20)]).toEqual([...bytes]);
      }),
      check,
    );
  });

  it.each([0, 255])('keeps twenty bytes of %i', (byte) => {
    const bytes = new Uint8Array(20).fill(byte);
    expect(encodeBase62(bytes, 27)).toBe(digitsOf(bytes));
    expect([...decodeBase62(digitsOf(bytes), 20)]).toEqual([...bytes]);
  });

  it('reads a short text as a small number', () => {
    expect([...decodeBase62('10', 4)]).toEqual([0, 0, 0, 62]);
  });

  it('counts a character that is no digit as 0', () => {
    expect(['-', 'ü', '€', ''].map((text) => digitAt(text, 0))).toEqual([0, 0, 0, 0]);
  });
});
