import { readDuration, readTimeAfter, readTimeBefore } from './read-time.ts';

const now = new Date('2026-01-31T12:00:00Z');

it.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['3d', 259_200_000],
  ['3', undefined],
  ['-3d', undefined],
  ['3 d', undefined],
  ['3w', undefined],
])('reads the duration %s', (text, ms) => expect(readDuration(text)).toBe(ms));

it.each([
  ['10m', '2026-01-31T11:50:00.000Z'],
  ['2026-01-30', '2026-01-30T00:00:00.000Z'],
  ['2026-01-30T10:00:00+02:00', '2026-01-30T08:00:00.000Z'],
])('reads the time %s before now', (text, time) => expect(readTimeBefore(text, now)?.toISOString()).toBe(time));

it('reads a duration after now', () => {
  expect(readTimeAfter('10m', now)?.toISOString()).toBe('2026-01-31T12:10:00.000Z');
});

it.each([
  ['99999999d', readTimeBefore],
  ['99999999d', readTimeAfter],
  ['9999999d', readTimeBefore],
  ['9999999d', readTimeAfter],
  ['9999-12-31T23:59:59-01:00', readTimeAfter],
])('reads no time that has no year of four digits: %s', (text, read) => expect(read(text, now)).toBeUndefined());

it.each(['yesterday', '2026-01-30T10:00', '2026-13-01', '1700000000', ''])('does not read %j', (text) =>
  expect(readTimeBefore(text, now)).toBeUndefined(),
);
