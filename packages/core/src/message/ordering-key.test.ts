import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  createFindOrderGroup,
  isInPayload,
  orderByPattern,
  ownOrderingKey,
  parseOrderBy,
  toShortOrderingKey,
} from './ordering-key.ts';

const endpointId = 'ep_1';
const groupOf = (body: string, by?: string) =>
  createFindOrderGroup(body)({ endpointId, ...(by === undefined ? {} : { by }) });
const group = (body: unknown, by?: string) => groupOf(JSON.stringify(body), by);
/** The group that every version has given to the text of a value. */
const groupOfText = (text: string) => `${endpointId}_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
const nothing = groupOfText('');
const nested = (depth: number, inner = '') => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

describe('the path of an ordering key', () => {
  it.each([
    ['$', []],
    ['$.orderId', ['orderId']],
    ["$.a['b c'].d[2]", ['a', 'b c', 'd', 2]],
    ['$["b.c"]', ['b.c']],
    ["$['']", ['']],
    ['$.$_-1', ['$_-1']],
    ['$[10][0]', [10, 0]],
  ])('reads %s', (path, segments) => {
    expect(parseOrderBy(path)).toEqual(segments);
    expect(orderByPattern.test(path)).toBe(true);
  });

  it.each(['orderId', 'x$', '$.', '$..a', '$.a[*]', '$[?(@.x)]', '$.a b', '', '$.1', '$[a]', "$['a'", '$.a '])(
    'refuses %j',
    (path) => {
      expect(parseOrderBy(path)).toBeUndefined();
      expect(orderByPattern.test(path)).toBe(false);
    },
  );
});

describe('the group of a message', () => {
  it('is the same for the same value, and differs for different values', () => {
    expect(group({ id: 7, x: 1 }, '$.id')).toBe(group({ x: 2, id: 7 }, '$.id'));
    expect(group({ id: 7 }, '$.id')).not.toBe(group({ id: 8 }, '$.id'));
  });

  it('differs between endpoints', () => {
    const find = createFindOrderGroup('{"id":7}');
    expect(find({ endpointId: 'ep_1', by: '$.id' })).not.toBe(find({ endpointId: 'ep_2', by: '$.id' }));
    expect(find({ endpointId: 'ep_2', by: '$.id' })).toMatch(/^ep_2_[0-9a-f]{32}$/);
  });

  it('is that of the own ordering key for an endpoint that asks for it, whatever the payload', () => {
    const find = (key?: string) => createFindOrderGroup('{"orderingKey":1}', key)({ endpointId, by: ownOrderingKey });
    expect(find('a')).toBe(groupOfText('"a"'));
    expect(find('a')).not.toBe(find('b'));
    expect([find(), groupOf('{}', ownOrderingKey)]).toEqual([nothing, nothing]);
    expect(find('')).not.toBe(nothing);
    expect([undefined, ownOrderingKey, '$', '$.a'].map(isInPayload)).toEqual([false, false, true, true]);
  });

  it('is the same for all messages of an endpoint without a path', () => {
    expect([group({ id: 7 }), group({ id: 8 }), groupOf('no json')]).toEqual([nothing, nothing, nothing]);
  });

  it.each([
    ['no member of the name', '{"other":1}', '$.id'],
    ['no object at all', '"text"', '$.id'],
    ['a text of the length', '"text"', '$.length'],
    ['a member of an inherited name', '{}', '$.constructor'],
    ['too short an array', '[1]', '$[1]'],
    ['an array asked by another notation of an index', '[1,2]', "$['01']"],
    ['an array asked by a name', '[1,2]', '$.id'],
    ['an array asked by a negative index', '[1,2]', "$['-1']"],
    ['a value along the path that has no parts', '{"a":5}', '$.a.b'],
    ['a body that is not JSON', 'no json', '$.id'],
    ['JSON and something behind it', '{"id":7} x', '$.id'],
    ['an unfinished object', '{"id":7', '$.id'],
    ['nothing', '', '$'],
    ['a path that this version does not know', '{"id":7}', '$..id'],
  ])('is the one of messages without a value for %s', (_, body, by) => {
    expect(groupOf(body, by)).toBe(nothing);
  });

  it('differs for an empty text and for no value', () => {
    expect(group({ id: '' }, '$.id')).not.toBe(nothing);
  });

  it.each([
    ['$', ' {"a" : 1} ', '{"a":1}'],
    ['$', ' 7 ', '7'],
    ['$.a', '{"a":1,"a":2}', '2'],
    ['$.a.b', '{"a":{"b":1},"a":{"b":3}}', '3'],
    ['$.a', '{"\\u0061":1}', '1'],
    ['$.a', '{"x":{"a":1},"a":4}', '4'],
    ['$[1].b', ' [ {"b":1} , {"b":2} ] ', '2'],
    ["$['1']", '[5,6]', '6'],
    ['$.length', '[5,6,7]', '3'],
    ['$.length', '[]', '0'],
    ['$.length', '{"length":9}', '9'],
    ['$[2]', '{"2":5}', '5'],
    ['$.__proto__', '{"__proto__":5}', '5'],
    ['$.a', '{"x":"}\\"]","a":"{[\\\\"}', JSON.stringify('{[\\')],
    ['$.a[0]', '{"a":[[1, 2],3]}', '[1,2]'],
  ])('is that of the value at %s of %s', (by, body, text) => {
    expect(groupOf(body, by)).toBe(groupOfText(text));
  });

  it('fits a queue group id', () => {
    expect(group({ id: 'x'.repeat(5000) }, '$.id').length).toBeLessThanOrEqual(128);
  });

  it('is found for several paths of one body', () => {
    const find = createFindOrderGroup('{"a":{"b":1,"c":2}}');
    const ask = () => ['$.a.b', '$.a.c', '$.a', '$.x', '$.a.b'].map((by) => find({ endpointId, by }));
    expect(ask()).toEqual([
      groupOfText('1'),
      groupOfText('2'),
      groupOfText('{"b":1,"c":2}'),
      nothing,
      groupOfText('1'),
    ]);
    expect(ask()).toEqual(ask());
  });

  it('differs for 9007199254740992 and …993, and the one that JavaScript prints keeps its group', () => {
    const [even, odd] = ['9007199254740992', '9007199254740993'].map((id) => groupOf(`{"id":${id}}`, '$.id'));
    expect(even).toBe(groupOfText('9007199254740992'));
    expect(odd).not.toBe(even);
  });

  it.each([4_500, 20_000, 250_000])(
    'is a group of its own for a value nested %i deep, found without recursion',
    (depth) => {
      const find = (inner: string) => groupOf(`{"order":${nested(depth, inner)}}`, '$.order');
      expect(find('1')).toBe(find(' 1.0 '));
      expect(find('1')).not.toBe(find('2'));
      expect(groupOf(`{"order":${nested(depth)},"id":7}`, '$.id')).toBe(groupOfText('7'));
    },
  );

  it('stays as in earlier versions, for values that they could tell apart', () => {
    const paths = ['$', '$.id', '$.id.id', '$[0]', '$.id[1]', '$.length'];
    const anyBody = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('id', '2', 'x'), fc.jsonValue()));
    fc.assert(
      fc.property(anyBody, fc.constantFrom(...paths), fc.constantFrom('', ' ', '\n\t'), (value, by, space) => {
        const body = JSON.stringify(value, null, space);
        const before = parseOrderBy(by)?.reduce<unknown>(
          (at, name) =>
            typeof at === 'object' && at !== null && Object.hasOwn(at, name)
              ? (at as Record<string | number, unknown>)[name]
              : undefined,
          JSON.parse(body),
        );
        expect(groupOf(body, by)).toBe(groupOfText(JSON.stringify(before) ?? ''));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

it('may be chosen by the source of a message, instead of a path', () => {
  expect(orderByPattern.test(ownOrderingKey)).toBe(true);
});

it('shortens an ordering key that is too long to store with each message', () => {
  expect(toShortOrderingKey('x'.repeat(64))).toBe('x'.repeat(64));
  const [one, other] = ['a', 'b'].map((end) => toShortOrderingKey(`${'x'.repeat(64)}${end}`));
  expect(one).toMatch(/^sha256 [0-9a-f]{32}$/);
  expect(one).not.toBe(other);
});
