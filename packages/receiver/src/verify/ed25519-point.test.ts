import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';
import { supportedNodes } from '@posthorn/publishing';
import * as fc from 'fast-check';
import { isPublicKey } from './ed25519-point.ts';

const bytesOf = (hex: string) => Buffer.from(hex, 'hex');
const field = 'ff'.repeat(30);

it('knows the keys that Node.js makes', () => {
  for (let n = 0; n < 50; n += 1) {
    const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    expect(isPublicKey(Buffer.from(x, 'base64url'))).toBe(true);
  }
});

/** With these, one of a few signatures fits about every eighth content or more, without any private key. */
const smallOrders = [
  ['the neutral point', `01${'00'.repeat(31)}`],
  ['order 2', `ec${field}7f`],
  ['order 4', '00'.repeat(32)],
  ['order 4, other sign', `${'00'.repeat(31)}80`],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, other sign', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
  ['order 8, other point', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 8, other point and sign', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
] as const;

it('refuses points of small order, with which anyone can sign on Node.js 20', async () => {
  const points = smallOrders.map(([, hex]) => hex);
  const program = `
    const { createPublicKey, verify } = require('node:crypto');
    const points = ${JSON.stringify(points)};
    const forgeries = points.map((point) => Buffer.from(point + '00'.repeat(32), 'hex'));
    const contents = Array.from({ length: 200 }, (_, n) => Buffer.from('content ' + n));
    const isForged = (point) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(point, 'hex').toString('base64url') };
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      return contents.some((content) => forgeries.some((signature) => verify(null, content, key, signature)));
    };
    console.log(points.every(isForged));`;
  const { stdout } = await promisify(execFile)(supportedNodes.oldest, ['-e', program]);
  expect(stdout).toBe('true\n');
  expect(points.map(bytesOf).filter(isPublicKey)).toEqual([]);
});

it.each([
  ['beyond the field', `ed${field}7f`],
  ['all bits', 'ff'.repeat(32)],
])('refuses a number %s', (_, hex) => {
  expect(isPublicKey(bytesOf(hex))).toBe(false);
});

it('refuses about half of all numbers, which are no points', () => {
  const outcomes = fc
    .sample(fc.uint8Array({ minLength: 32, maxLength: 32 }), { numRuns: 200, seed: 1 })
    .map(isPublicKey);
  const points = outcomes.filter(Boolean).length;
  expect(points).toBeGreaterThan(60);
  expect(points).toBeLessThan(140);
});
