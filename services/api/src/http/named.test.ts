import { named } from './named.ts';

describe('what a request is about', () => {
  it.each(['a', 'app_2', 'x'.repeat(256)])('may be called %s', (text) => expect(named(text)).toBe(text));

  it.each([undefined, '', 'x'.repeat(257)])('is nothing when it is called %s', (text) => {
    expect(() => named(text)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
