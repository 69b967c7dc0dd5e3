import { decideSlowUntil, isSlow, slowForMs } from './slow-endpoint.ts';

const now = new Date('2026-01-01T00:00:00Z');
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const after = (durations: readonly number[], slowUntil?: Date) =>
  decideSlowUntil({ slowUntil, now, attempts: durations.map((responseDurationMs) => ({ responseDurationMs })) });

describe('decideSlowUntil', () => {
  it.each([
    ['one attempt that timed out', [15_000]],
    ['three attempts of more than three seconds', [3_001, 3_001, 3_001]],
    ['slow attempts that took most of the time', [15_000, ...Array.from({ length: 140 }, () => 100)]],
  ])('makes an endpoint slow for ten minutes after %s', (_, durations) => {
    expect(after(durations)).toEqual(new Date(now.getTime() + slowForMs));
  });

  it.each([
    ['no attempt', []],
    ['two attempts of four seconds', [4_000, 4_000]],
    ['many attempts of three seconds', [3_000, 3_000, 3_000, 3_000, 3_000]],
    ['a few slow attempts of a busy endpoint', [15_000, ...Array.from({ length: 150 }, () => 100)]],
  ])('does not after %s', (_, durations) => {
    expect(after(durations)).toBeUndefined();
  });

  it('moves the end on only when less than five minutes are left', () => {
    expect(after([15_000], minutes(4.9))).toEqual(minutes(10));
    expect(after([15_000], minutes(5))).toEqual(minutes(5));
    expect(after([15_000], minutes(-1))).toEqual(minutes(10));
  });

  it('keeps the end after quick attempts', () => {
    expect(after([10, 10], minutes(3))).toEqual(minutes(3));
    expect(after([10], minutes(-3))).toEqual(minutes(-3));
  });
});

describe('isSlow', () => {
  it('is true until the stored time', () => {
    expect(isSlow({ health: { slowUntil: minutes(1) } }, now)).toBe(true);
    expect(isSlow({ health: { slowUntil: now } }, now)).toBe(false);
    expect(isSlow({ health: {} }, now)).toBe(false);
    expect(isSlow({}, now)).toBe(false);
  });
});
