import { readTime } from './read-time.ts';

const now = new Date('2026-01-02T00:00:00Z');

describe('a time of the command line', () => {
  it.each([
    ['30m', '2026-01-01T23:30:00.000Z'],
    ['6h', '2026-01-01T18:00:00.000Z'],
    ['2d', '2025-12-31T00:00:00.000Z'],
    ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T12:00:00.5+02:00', '2026-01-01T10:00:00.500Z'],
    ['2026-01-01T12:00Z', '2026-01-01T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => expect(readTime('--since', text, now).toISOString()).toBe(expected));

  it.each(['yesterday', '2026-01-01', '2026-13-01T00:00:00Z', '0h', '5s', ''])('is not %j', (text) =>
    expect(() => readTime('--since', text, now)).toThrow(`--since ${text}: must be a time such as`),
  );
});
