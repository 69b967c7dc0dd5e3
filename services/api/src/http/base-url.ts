import type { ApiEvent } from './api-event.ts';

/** The address that a request was sent to, without its path, such as `https://api.example.com`. */
export function baseUrlOf({ headers, requestContext }: ApiEvent): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const host = headers.host ?? '';
  return `${scheme}://${isHost(host) ? host : requestContext.domainName}`;
}

/** A name or address, with or without a port. */
const isHost = (text: string): boolean => /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(text);
