import { pathOf } from './connection.ts';

it('escapes values', () => {
  expect(pathOf`/app/${'a/b'}/msg/${'...'}`).toBe('/app/a%2Fb/msg/...');
});

it.each(['', '.', '..'])('refuses %j, which would lead to another path', (value) => {
  expect(() => pathOf`/app/${value}/msg`).toThrow(expect.objectContaining({ kind: 'usage', exitCode: 2 }));
});
