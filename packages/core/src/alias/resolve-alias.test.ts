import fc from 'fast-check';
import { ValidationError } from '../errors.ts';
import { resolveAlias } from './resolve-alias.ts';

type Given = number | null | undefined;

const resolve = (throttleRate: Given, rateLimit: Given, stored?: number) =>
  resolveAlias({ throttleRate, rateLimit }, { names: ['throttleRate', 'rateLimit'], stored });

const anyValue = fc.integer({ min: 1, max: 3 });
const nothing = fc.constantFrom(null, undefined);

describe('a field with two names', () => {
  it.each<[string, Given, Given, number | undefined, Given]>([
    ['the changed older name beside the stored value', 5, 9, 5, 9],
    ['the changed newer name beside the stored value', 9, 5, 5, 9],
    ['one name alone', undefined, 9, 5, 9],
    ['a value beside null', null, 9, 5, 9],
    ['the stored value beside null', 5, null, 5, 5],
    ['null under one name alone', null, undefined, 5, null],
    ['null under the other name alone', undefined, null, 5, null],
    ['neither', undefined, undefined, 5, undefined],
    ['the same value twice', 9, 9, undefined, 9],
  ])('has the value of %s', (_, throttleRate, rateLimit, stored, expected) => {
    expect(resolve(throttleRate, rateLimit, stored)).toBe(expected);
  });

  it.each([[7], [undefined]])('is refused with two new values under its two names (stored: %s)', (stored) => {
    expect(() => resolve(5, 9, stored)).toThrow(/throttleRate and rateLimit/);
    expect(() => resolve(5, 9, stored)).toThrow(ValidationError);
  });

  it('is compared by the given function', () => {
    const isSame = (one: readonly string[], other: readonly string[]) => one.join() === other.join();
    const input = { eventTypes: ['a'], filterTypes: ['b'] };
    expect(resolveAlias(input, { names: ['eventTypes', 'filterTypes'], stored: ['a'], isSame })).toEqual(['b']);
  });

  it('does not depend on which name has which value', () => {
    const outcome = (throttleRate: Given, rateLimit: Given, stored: number | undefined) => {
      try {
        return resolve(throttleRate, rateLimit, stored);
      } catch {
        return 'refused';
      }
    };
    const given = fc.option(anyValue, { nil: undefined });
    fc.assert(
      fc.property(given, given, fc.option(anyValue, { nil: undefined }), (one, other, stored) => {
        expect(outcome(one, other, stored)).toBe(outcome(other, one, stored));
      }),
      { seed: 8 },
    );
  });

  it('always takes the change that is sent beside the stored value', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (changed, stored) => {
        expect(resolve(stored, changed, stored)).toBe(changed);
        expect(resolve(changed, stored, stored)).toBe(changed);
      }),
      { seed: 8 },
    );
  });

  it('takes a value that is given under one name only, whatever is stored', () => {
    fc.assert(
      fc.property(anyValue, nothing, fc.option(anyValue, { nil: undefined }), (value, none, stored) => {
        expect(resolve(value, none, stored)).toBe(value);
        expect(resolve(none, value, stored)).toBe(value);
      }),
      { seed: 8 },
    );
  });
});
