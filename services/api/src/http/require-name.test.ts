import { requireName } from './require-name.ts';

describe('a name in a request', () => {
  it.each(['a', 'app_2', 'x'.repeat(256)])('may be %s', (text) => expect(requireName(text)).toBe(text));

  it.each([undefined, '', 'x'.repeat(257)])('is not found if it is %s', (text) => {
    expect(() => requireName(text)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
