import fc from 'fast-check';
import { findInvalidJson } from './find-invalid-json.ts';

it.each([
  ['{"a":1,}', { line: 1, column: 8, rest: '}' }],
  ['{\n  "a": 1\n  "b": 2\n}', { line: 3, column: 3, rest: '"b": 2' }],
  ['{"a":1', { line: 1, column: 7, rest: '' }],
  ['', { line: 1, column: 1, rest: '' }],
  ['\ufeff{}', { line: 1, column: 1, rest: '\ufeff{}' }],
  ['{"n": 01}', { line: 1, column: 8, rest: '1}' }],
])('names the place of the mistake in %j', (text, place) => {
  expect(findInvalidJson(text)).toEqual(place);
});

it('finds a mistake where JSON.parse refuses, and nowhere else', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.tuple(fc.json(), fc.string()).map(([a, b]) => a + b),
      ),
      (text) => {
        expect(findInvalidJson(text) === undefined).toBe(isParsed(text));
      },
    ),
  ));

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
