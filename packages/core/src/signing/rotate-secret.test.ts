import * as fc from 'fast-check';
import type { SealedSecret } from '../endpoint/endpoint.ts';
import { maxOldSecrets, rotateSecret } from './rotate-secret.ts';
import { liveSecrets } from './sign-message.ts';

const now = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);
const rotate = (secrets: readonly SealedSecret[], graceSeconds: number, at = now) =>
  rotateSecret(secrets, { sealedKey: 'new', graceSeconds, now: at });

describe('rotateSecret', () => {
  it('keeps the present secret until its time is over', () => {
    expect(rotate([{ sealedKey: 'old' }], 60)).toEqual([
      { sealedKey: 'new' },
      { sealedKey: 'old', expiresAt: after(60) },
    ]);
  });

  it('notes which rotation the new secret came with', () => {
    const rotation = { sealedKey: 'new', graceSeconds: 60, rotation: 'r2', now };
    expect(rotateSecret([{ sealedKey: 'old', rotation: 'r1' }], rotation)).toEqual([
      { sealedKey: 'new', rotation: 'r2' },
      { sealedKey: 'old', rotation: 'r1', expiresAt: after(60) },
    ]);
  });

  it('drops the present secret at once without a grace period', () => {
    expect(rotate([{ sealedKey: 'old' }], 0)).toEqual([{ sealedKey: 'new' }]);
  });

  it('keeps the time of secrets of earlier rotations, and drops those that are over', () => {
    const secrets = [
      { sealedKey: 'b' },
      { sealedKey: 'a', expiresAt: after(5) },
      { sealedKey: 'over', expiresAt: after(0) },
    ];
    expect(rotate(secrets, 60).slice(1)).toEqual([
      { sealedKey: 'b', expiresAt: after(60) },
      { sealedKey: 'a', expiresAt: after(5) },
    ]);
  });

  it('refuses an eleventh old secret, and says when to try again', () => {
    const old = Array.from({ length: maxOldSecrets }, (_, n) => ({ sealedKey: `${n}`, expiresAt: after(60 + n) }));
    const secrets = [{ sealedKey: 'present' }, ...old];
    expect(() => rotate(secrets, 1)).toThrow(/10 old secrets .* after 2026-01-01T00:00:01\.000Z/);
    expect(rotate(secrets, 0)).toHaveLength(11);
    expect(rotate(secrets, 1, after(60))).toHaveLength(11);
  });

  it('always has one current secret, first, and only old ones that still sign', () => {
    const secret = fc.record({ sealedKey: fc.string(), expiresAt: fc.integer({ min: -9, max: 9 }).map(after) });
    const graceSeconds = fc.nat(9);
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 9 }), graceSeconds, (old, grace) => {
        const [current, ...kept] = rotate([{ sealedKey: 'old' }, ...old], grace);
        expect(current).toEqual({ sealedKey: 'new' });
        expect(liveSecrets(kept, now)).toEqual(kept);
        expect(kept.every(({ expiresAt }) => expiresAt !== undefined)).toBe(true);
      }),
    );
  });
});
