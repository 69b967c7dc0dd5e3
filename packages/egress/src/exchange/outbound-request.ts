import querystring from 'node:querystring';

/** A request to a customer's URL. */
export interface OutboundRequest {
  /** Default: POST. */
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is written to the connection. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  /** A text is written together with the headers, as UTF-8. */
  readonly body: string | Uint8Array;
}

/** The body's bytes as they are; the headers with those that the exchange needs. */
export function toWireRequest({ method = 'POST', headers, body }: OutboundRequest, url: URL): WireRequest {
  // The host as it is in the URL, with a dot at its end if it has one (RFC 9110, 7.2).
  const all = ['host', url.host, 'connection', 'keep-alive', ...basicAuthorization(url, headers)];
  let isAscii = true;
  for (const [name, value] of Object.entries(headers)) {
    all.push(name, value);
    isAscii &&= !beyondAscii.test(value);
  }
  all.push('content-length', String(Buffer.byteLength(body)));
  // Node writes a text and the headers before it in one encoding. Headers have the bytes of Latin-1.
  return { method, path: url.pathname + url.search, headers: all, body: isAscii ? body : Buffer.from(body) };
}

const beyondAscii = /[\x80-\uffff]/;

/** Credentials in a URL become an Authorization header, unless the endpoint has one. */
function basicAuthorization({ username, password }: URL, headers: OutboundRequest['headers']): readonly string[] {
  if (username === '' && password === '') return [];
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return [];
  // Keeps a lone % as it is. decodeURIComponent would throw.
  const credentials = [username, password].map((part) => querystring.unescape(part)).join(':');
  return ['authorization', `Basic ${Buffer.from(credentials).toString('base64')}`];
}
