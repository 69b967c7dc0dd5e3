import querystring from 'node:querystring';

/** An HTTP proxy that all connections to endpoints go through. */
export interface HttpProxy {
  readonly hostname: string;
  readonly port: number;
  /** `Basic …`, if the proxy wants credentials. */
  readonly authorization?: string;
}

const defaultPort = 80;

/**
 * Reads the address of a proxy.
 *
 * @param text - `http://host:port`, with `user:password@` before the host if the proxy wants credentials
 * @returns `undefined` if it is not such an address
 */
export function parseProxy(text: string): HttpProxy | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' || url.hostname === '') return undefined;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined;
  const { username, password } = url;
  const credentials = [username, password].map((part) => querystring.unescape(part)).join(':');
  return {
    hostname: url.hostname,
    port: Number(url.port || defaultPort),
    ...(username === '' && password === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  };
}
