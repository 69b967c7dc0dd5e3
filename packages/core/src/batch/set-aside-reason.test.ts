import { reasonOf } from './set-aside-reason.ts';
import { UnusableData } from './unusable-data.ts';

class InvalidRow extends UnusableData {}

describe('reasonOf', () => {
  it('is the text of an UnusableData', () => {
    expect(reasonOf(new InvalidRow('row has an invalid attribute: at'))).toBe('row has an invalid attribute: at');
  });

  it.each([
    ['the name of our own bug', new TypeError('x of 4711 is not a function'), 'TypeError'],
    ['the name of an error that quotes its input', new SyntaxError('Unexpected "card 4711"'), 'SyntaxError'],
    ['the code too', Object.assign(new Error('incorrect'), { code: 'Z_BUF_ERROR' }), 'Error (Z_BUF_ERROR)'],
    ['no code of another type', Object.assign(new RangeError('deep'), { code: 5 }), 'RangeError'],
    ['something for an error without a name', { name: '' }, 'unknown error'],
    ['something for a name of another type', { name: 5 }, 'unknown error'],
    ['something for an object', {}, 'unknown error'],
    ['the type of a text', 'card 4711', 'string'],
    ['something for null', null, 'object'],
    ['something for nothing', undefined, 'undefined'],
  ])('is %s', (_, error, expected) => {
    expect(reasonOf(error)).toBe(`fault in Posthorn: ${expected}`);
  });
});
