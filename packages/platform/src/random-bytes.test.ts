import { createRandomBytes } from './random-bytes.ts';

describe('random bytes', () => {
  it('have the length that was asked for, also over the end of a block', () => {
    const take = createRandomBytes();
    const counts = [15, 24, 0, 4_000, 100, 4_096, 1, 5_000];
    expect(counts.map((count) => take(count).length)).toEqual(counts);
  });

  it('are never handed out twice, and never those of another call', () => {
    const take = createRandomBytes();
    const kept = Array.from({ length: 2_000 }, () => Buffer.from(take(15)).toString('hex'));
    expect(new Set(kept).size).toBe(2_000);
  });

  it('stay as they are when more are taken', () => {
    const take = createRandomBytes();
    const first = take(15);
    const text = Buffer.from(first).toString('hex');
    for (let count = 0; count < 1_000; count += 1) take(15);
    expect(Buffer.from(first).toString('hex')).toBe(text);
    expect(text).not.toBe('0'.repeat(30));
  });
});
