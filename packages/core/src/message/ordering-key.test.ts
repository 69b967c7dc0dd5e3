import { orderGroupOf, parseOrderBy } from './ordering-key.ts';

const group = (body: unknown, by?: string) =>
  orderGroupOf({ endpointId: 'ep_1', body: JSON.stringify(body), ...(by === undefined ? {} : { by }) });

describe('the ordering key', () => {
  it.each([
    ['$', []],
    ['$.orderId', ['orderId']],
    ["$.a['b c'].d[2]", ['a', 'b c', 'd', 2]],
  ])('reads the path %s', (path, segments) => {
    expect(parseOrderBy(path)).toEqual(segments);
  });

  it.each(['orderId', '$.', '$..a', '$.a[*]', '$[?(@.x)]', '$.a b', ''])('refuses the path %j', (path) => {
    expect(parseOrderBy(path)).toBeUndefined();
  });

  it('gives one group for one value, and another for another', () => {
    expect(group({ id: 7, x: 1 }, '$.id')).toBe(group({ x: 2, id: 7 }, '$.id'));
    expect(group({ id: 7 }, '$.id')).not.toBe(group({ id: 8 }, '$.id'));
  });

  it('gives the whole endpoint one group without a path', () => {
    expect(group({ id: 7 })).toBe(group({ id: 8 }));
  });

  it('gives messages without the value one group of their own', () => {
    expect(group({}, '$.id')).toBe(group({ other: 1 }, '$.id'));
    expect(orderGroupOf({ endpointId: 'ep_1', body: 'no json', by: '$.id' })).toBe(group({}, '$.id'));
    expect(group({}, '$.id')).not.toBe(group({ id: '' }, '$.id'));
  });

  it('never follows inherited members', () => {
    expect(group({}, '$.constructor')).toBe(group({}, '$.id'));
  });

  it('fits a queue group id', () => {
    expect(group({ id: 'x'.repeat(5000) }, '$.id').length).toBeLessThanOrEqual(128);
  });
});
