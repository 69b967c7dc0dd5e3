import { changedPaths } from './changed-paths.ts';
import { formatPath, parsePath } from './path.ts';

describe('the changed paths of an item', () => {
  it('are those of the innermost members of maps, and of lists and sets as a whole', () => {
    const old = {
      same: { N: '1' },
      set: { SS: ['a', 'b'] },
      list: { L: [{ S: 'a' }] },
      map: { M: { x: { S: '1' }, y: { M: { z: { BOOL: true } } } } },
      gone: { S: 'x' },
      kind: { S: '1' },
    };
    const next = {
      same: { N: '1' },
      set: { SS: ['b', 'a'] },
      list: { L: [{ S: 'b' }] },
      map: { M: { y: { M: { z: { BOOL: false } } }, x: { S: '1' } } },
      kind: { N: '1' },
      come: { NULL: true },
    };
    expect(changedPaths(old, next).map(formatPath)).toEqual(['list', 'map.y.z', 'kind', 'come', 'gone']);
  });

  it('are all attributes of an item that is new or removed', () => {
    expect(changedPaths(undefined, { a: { M: { b: { S: '' } } } })).toEqual([['a']]);
    expect(changedPaths({ a: { S: '' } }, undefined)).toEqual([['a']]);
    expect(changedPaths({}, JSON.parse('{"toString":{"S":"x"}}'))).toEqual([['toString']]);
  });

  it.each(['a', 'a.b-c', "['a b'].c", 'a[0].b', `["it's"]`])('are written as %s, which is read again', (text) => {
    expect(formatPath(parsePath(text) ?? [])).toBe(text);
  });

  it.each(['', 'a..b', '[0]', 'a b', '1a', '.a'])('are not written as %j', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});
