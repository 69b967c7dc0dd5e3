import { createEventFilter, InvalidFilterPattern } from './event-filter.ts';
import type { JsonObject } from './json.ts';

const anImage = (image: JsonObject): JsonObject => ({ eventName: 'INSERT', dynamodb: { NewImage: image } });
const onImage = (image: JsonObject): JsonObject => ({ dynamodb: { NewImage: image } });

describe('an event filter', () => {
  it('passes everything without a pattern', () => {
    expect(createEventFilter()(anImage({}))).toBe(true);
  });

  it('passes a record that any pattern matches', () => {
    const accepts = createEventFilter([{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }]);
    expect(accepts(anImage({}))).toBe(true);
    expect(accepts({ eventName: 'MODIFY' })).toBe(false);
  });

  it('requires that all fields of a pattern match', () => {
    const accepts = createEventFilter([{ eventName: ['INSERT'], ...onImage({ kind: { S: ['message', 'relay'] } }) }]);
    expect(accepts(anImage({ kind: { S: 'relay' } }))).toBe(true);
    expect(accepts(anImage({ kind: { S: 'claim' } }))).toBe(false);
    expect(accepts(anImage({}))).toBe(false);
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['a number is not its text', { a: [1] }, { a: '1' }, false],
    ['null', { a: [null] }, { a: null }, true],
    ['null is not absence', { a: [null] }, {}, false],
    ['empty text', { a: [''] }, { a: '' }, true],
    ['prefix', { a: [{ prefix: 'us-' }] }, { a: 'us-east-1' }, true],
    ['prefix of a number', { a: [{ prefix: '1' }] }, { a: 12 }, false],
    ['prefix in any case', { a: [{ prefix: { 'equals-ignore-case': 'US-' } }] }, { a: 'us-east-1' }, true],
    ['suffix', { a: [{ suffix: '.fifo' }] }, { a: 'jobs.fifo' }, true],
    ['suffix that is not there', { a: [{ suffix: '.fifo' }] }, { a: 'jobs' }, false],
    ['any case', { a: [{ 'equals-ignore-case': 'Yes' }] }, { a: 'yES' }, true],
    ['wildcard', { a: [{ wildcard: 'a*c.*' }] }, { a: 'abc.d' }, true],
    ['a dot in a wildcard matches only a dot', { a: [{ wildcard: 'a.*' }] }, { a: 'abc' }, false],
    ['exists', { a: [{ exists: true }] }, { a: 0 }, true],
    ['exists, absent', { a: [{ exists: true }] }, {}, false],
    ['not exists', { a: { b: [{ exists: false }] } }, {}, true],
    ['not exists, present', { a: [{ exists: false }] }, { a: 1 }, false],
    ['anything but', { a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
    ['anything but a list', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
    ['anything but, absent', { a: [{ 'anything-but': 'x' }] }, {}, false],
    ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'xy' }, false],
    ['number in range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
    ['number out of range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 0 }, false],
    ['numbers as text are not numbers', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
    ['any element of a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
    ['any object of a list', { a: { b: ['x'] } }, { a: [{ b: 'w' }, { b: 'x' }] }, true],
    ['either field', { $or: [{ a: ['x'] }, { b: ['x'] }] }, { b: 'x' }, true],
    ['neither field', { c: ['y'], $or: [{ a: ['x'] }, { b: ['x'] }] }, { c: 'y' }, false],
  ])('%s', (_, pattern, record, passes) => {
    expect(createEventFilter([pattern])(record)).toBe(passes);
  });

  it.each<[string, JsonObject]>([
    ['an unknown operator', { a: [{ like: 'x' }] }],
    ['a value without a list', { a: 'x' }],
    ['half a comparison', { a: [{ numeric: ['>'] }] }],
    ['a prefix that is not text', { a: [{ prefix: 1 }] }],
    ['alternatives that are not a list', { $or: { a: ['x'] } }],
  ])('rejects %s', (_, pattern) => {
    expect(() => createEventFilter([pattern])).toThrow(InvalidFilterPattern);
  });
});
