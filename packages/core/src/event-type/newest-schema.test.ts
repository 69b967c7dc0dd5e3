import { newestSchema } from './newest-schema.ts';

it.each([
  [{}, undefined],
  [{ 1: 'a' }, 'a'],
  [{ 2: 'b', 10: 'c', 9: 'd' }, 'c'],
  [{ draft: 'a', 1: 'b' }, 'b'],
  [{ v1: 'a', v2: 'b' }, 'b'],
])('the newest of %j', (schemas, expected) => expect(newestSchema(schemas)?.schema).toBe(expected));
