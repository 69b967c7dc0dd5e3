import { messageListQuery } from '@posthorn/contracts/api/message';
import { readQuery } from './read-query.ts';

describe('a query string', () => {
  it.each([
    'event_types=a,b,c',
    'event_types=a&event_types=b&event_types=c',
    'event_types[]=a&event_types[]=b,c',
    'event_types%5B0%5D=a&event_types%5B1%5D=b&event_types=c',
  ])('may contain a list as %s', (search) => {
    expect(readQuery(messageListQuery, search).event_types).toEqual(['a', 'b', 'c']);
  });

  it('may contain a time with an offset', () => {
    const { before } = readQuery(messageListQuery, 'before=2026-01-01T01:00:00%2B01:00');
    expect(before).toEqual(new Date('2026-01-01T00:00:00Z'));
  });

  const manyNames = `event_types=${'a,'.repeat(251)}`;

  it.each(['before=yesterday', 'with_content=1', 'limit=1.5', manyNames])('cannot be read with %s', (search) => {
    expect(() => readQuery(messageListQuery, search)).toThrow();
  });
});
