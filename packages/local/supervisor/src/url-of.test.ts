import { urlOf } from './url-of.ts';

describe('the URL of a server', () => {
  it.each([
    ['127.0.0.1', 'http://localhost:80'],
    ['0.0.0.0', 'http://localhost:80'],
    ['::', 'http://localhost:80'],
    ['192.168.1.5', 'http://192.168.1.5:80'],
    ['fd00::5', 'http://[fd00::5]:80'],
  ])('that listens on %s is %s', (host, url) => {
    expect(urlOf(host, 80)).toBe(url);
  });
});
