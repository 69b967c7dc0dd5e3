import { findProxy } from './proxy.ts';

const proxy = 'http://proxy.example.com:3128';
const find = (url: string, env: Readonly<Record<string, string>>) => findProxy(new URL(url), env)?.href;

describe('the proxy of a URL', () => {
  it.each([
    ['https://a.example.com', { HTTPS_PROXY: proxy }, `${proxy}/`],
    ['https://a.example.com', { https_proxy: proxy, HTTPS_PROXY: 'http://other' }, `${proxy}/`],
    ['https://a.example.com', { HTTP_PROXY: proxy }, undefined],
    ['http://a.example.com', { HTTP_PROXY: proxy }, `${proxy}/`],
    ['https://a.example.com', { ALL_PROXY: 'proxy.example.com:3128' }, `${proxy}/`],
    ['https://a.example.com', { HTTPS_PROXY: '' }, undefined],
  ])('%s with %j is %s', (url, env, found) => {
    expect(find(url, env)).toBe(found);
  });

  it.each(['https://localhost', 'https://127.0.0.1:8071', 'https://[::1]'])('is none for this machine (%s)', (url) => {
    expect(find(url, { ALL_PROXY: proxy })).toBeUndefined();
  });

  it.each([
    ['https://a.example.com', '*', false],
    ['https://a.example.com', 'b.example.com, a.example.com', false],
    ['https://a.example.com', 'A.EXAMPLE.COM', false],
    ['https://a.example.com', '.example.com', false],
    ['https://a.example.com', '*.example.com', false],
    ['https://a.example.com', 'example.com', false],
    ['https://a.example.com', 'a.example.com:443', false],
    ['https://a.example.com', 'a.example.com:8443', true],
    ['https://a.example.com:8443', 'a.example.com:8443', false],
    ['https://notexample.com', 'example.com', true],
    ['https://a.example.com', 'a.example', true],
    ['https://a.example.com', '', true],
  ])('of %s with NO_PROXY=%s is used: %s', (url, noProxy, isUsed) => {
    expect(find(url, { HTTPS_PROXY: proxy, NO_PROXY: noProxy }) !== undefined).toBe(isUsed);
  });

  it('is an error that does not repeat what may have a password', () => {
    expect(() => find('https://a.example.com', { HTTPS_PROXY: 'http://user:secret@:x' })).toThrow(
      'HTTPS_PROXY has no URL of a proxy',
    );
    for (const part of ['user:100%secret', '50%:secret', 'user:%ff'])
      expect(() => find('https://a.example.com', { HTTPS_PROXY: `http://${part}@localhost` })).toThrow(
        'The user or the password in HTTPS_PROXY has a % that is no percent-encoding',
      );
    expect(() => find('https://a.example.com', { HTTPS_PROXY: 'socks5://localhost' })).toThrow('neither');
  });
});
