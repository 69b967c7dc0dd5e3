import { aRequest } from '../fixtures/a-request.ts';
import { baseUrlOf } from './base-url.ts';

const of = (headers: Readonly<Record<string, string>>) => baseUrlOf(aRequest({ headers }));

it.each([
  [{ host: 'api.example.com', 'x-forwarded-proto': 'https' }, 'https://api.example.com'],
  [{ host: 'localhost:8071' }, 'http://localhost:8071'],
  [{ host: '[::1]:8071', 'x-forwarded-proto': 'ftp' }, 'http://[::1]:8071'],
  [{ host: 'a/b' }, 'http://localhost'],
  [{ host: 'user@b' }, 'http://localhost'],
  [{}, 'http://localhost'],
])('reads the address of a request from %j', (headers, url) => expect(of(headers)).toBe(url));
