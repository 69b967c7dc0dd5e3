import type { ValidationIssue } from '../errors.ts';

const maxValueBytes = 4_096;
/** Of all names and values: what an endpoint's row has room for, and more than servers take. */
const maxTotalBytes = 65_536;
const validName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible ASCII and what browsers send beside it (RFC 9110, obs-text), spaces and tabs inside. */
const validValue = /^(?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** Headers that the sender itself sets, or that would change how the exchange works. */
const forbiddenNames: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'user-agent', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...[
    'proxy-connection',
    'trailers',
    'transfer-encoding',
    'upgrade',
    'expect',
    'age',
    'cache-control',
    'clear-site-data',
    'expires',
    'pragma',
  ],
  ...['warning', 'content-length', 'content-type', 'content-encoding', 'content-language', 'content-location'],
]);
const forbiddenPrefixes = [
  ...['x-amz-', 'x-amzn-', 'x-google', 'x-goog-', 'x-gfe', 'x-azure-', 'x-fd-', 'x-svix-', 'svix-', 'webhook-'],
] as const;

const sensitiveNames: ReadonlySet<string> = new Set([
  ...['x-auth-token', 'x-api-key', 'www-authenticate', 'authorization', 'proxy-authenticate', 'proxy-authorization'],
]);

/** Whether a header's value is never shown again. */
export const isSensitiveHeader = (name: string): boolean => sensitiveNames.has(name.toLowerCase());

/** Everything that is wrong with the headers that an endpoint wants sent with every attempt. @param loc - where they stand */
export const checkEndpointHeaders = (
  headers: Readonly<Record<string, string>>,
  loc: readonly string[] = ['body', 'headers'],
): readonly ValidationIssue[] => {
  if (Buffer.byteLength(Object.entries(headers).flat().join('')) > maxTotalBytes)
    return [{ loc, msg: `must be at most ${maxTotalBytes} bytes in all`, type: 'value_error' }];
  return Object.entries(headers).flatMap(([name, value]) => {
    const msg = nameProblem(name) ?? valueProblem(value);
    return msg === undefined ? [] : [{ loc: [...loc, name], msg, type: 'value_error' }];
  });
};

function nameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!validName.test(name)) return 'not a valid header name';
  const forbidden = forbiddenNames.has(lower) || forbiddenPrefixes.some((prefix) => lower.startsWith(prefix));
  return forbidden ? 'this header cannot be set: the sender or its network uses it' : undefined;
}

function valueProblem(value: string): string | undefined {
  if (Buffer.byteLength(value) > maxValueBytes) return `a header value has at most ${maxValueBytes} bytes`;
  return validValue.test(value) ? undefined : 'not a valid header value';
}
