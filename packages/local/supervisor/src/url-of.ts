import { isIPv6 } from 'node:net';

const onThisMachine: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/**
 * Returns the URL under which programs of this machine reach a server.
 *
 * @param host - the IP address that it listens on
 */
export function urlOf(host: string, port: number): string {
  if (onThisMachine.has(host)) return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
