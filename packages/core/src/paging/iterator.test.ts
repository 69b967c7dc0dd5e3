import fc from 'fast-check';
import { formatIterator, parseIterator } from './iterator.ts';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
/** Uids and event types are of these characters; `-` is often at the start here. */
const anyName = fc.string({ unit: fc.constantFrom(...letters, ...'----__..'), minLength: 1, maxLength: 256 });
const anyDirection = fc.constantFrom('forward' as const, 'backward' as const);

it('keeps the row and the direction, whatever the name is', () => {
  fc.assert(
    fc.property(anyName, anyDirection, (iterator, direction) => {
      expect(parseIterator(formatIterator({ iterator, direction }))).toEqual({ iterator, direction });
    }),
    { seed: 8, numRuns: 1_000 },
  );
});

it.each([
  ['app_1', 'app_1', 'forward'],
  ['-app_1', 'app_1', 'backward'],
  ['~-a', '-a', 'forward'],
  ['--a', '-a', 'backward'],
  ['~', '', 'forward'],
])('reads %s', (text, iterator, direction) => {
  expect(parseIterator(text)).toEqual({ iterator, direction });
});
