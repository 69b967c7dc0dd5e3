import { lowestIdAt } from '../identifier/identifier.ts';
import { directionOf, idRangeOf } from './id-range.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const lowest = (time: string) => lowestIdAt('message', new Date(time));

it('starts 90 days ago and ends an hour from now if no time is given', () => {
  expect(idRangeOf('message', {}, now)).toEqual({
    from: lowest('2026-03-03T00:00:00Z'),
    before: lowest('2026-06-01T01:00:00Z'),
  });
});

it('starts 90 days before the given end', () => {
  expect(idRangeOf('message', { before: new Date('2026-05-01T00:00:00Z') }, now)).toEqual({
    from: lowest('2026-01-31T00:00:00Z'),
    before: lowest('2026-05-01T00:00:00Z'),
  });
});

it('starts 90 days before the time in the iterator, if that is earlier', () => {
  const rangeFrom = (iterator: string) => idRangeOf('message', { iterator }, now).from;
  expect(rangeFrom(lowest('2026-04-01T00:00:00Z'))).toBe(lowest('2026-01-01T00:00:00Z'));
  expect(rangeFrom(lowest('2026-07-01T00:00:00Z'))).toBe(lowest('2026-03-03T00:00:00Z'));
  const window = { iterator: lowest('2026-04-01T00:00:00Z'), after: new Date('2026-03-31T00:00:00Z') };
  expect(idRangeOf('message', window, now).from).toBe(lowest('2026-03-31T00:00:00Z'));
});

it('replaces a time that no id can carry by the nearest one that can', () => {
  const range = idRangeOf('message', { after: new Date(0), before: new Date('9999-01-01T00:00:00Z') }, now);
  expect(range).toEqual({ from: lowest('2014-05-13T16:53:20Z'), before: lowest('2150-01-01T00:00:00Z') });
});

it('is read backward if only `after` is given', () => {
  const page = { limit: 1, direction: 'forward' } as const;
  expect(directionOf({ ...page, after: now })).toBe('backward');
  expect(directionOf({ ...page, after: now, before: now })).toBe('forward');
  expect(directionOf({ ...page, after: now, iterator: 'msg_1' })).toBe('forward');
});
