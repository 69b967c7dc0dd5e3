import type { ValidationIssue } from '../errors.ts';

type Headers = Readonly<Record<string, string>>;

/** The longest value of a header, in characters: on the way each of them is one byte. */
export const maxHeaderValueLength = 4_096;
/** The limit of all names and values together: an endpoint's row has room for it, and servers accept less. */
const maxTotalBytes = 65_536;
const validName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible ASCII and what browsers send beside it (RFC 9110, obs-text), spaces and tabs inside. */
export const headerValuePattern = /^(?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** Headers that the sender sets itself, or that would change how the HTTP exchange works. */
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

/** A pattern for the text in upper and lower case: patterns of JSON Schema have no flags. */
const inAnyCase = (text: string): string => text.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);

const forbidden = [
  ...[...forbiddenNames].map((name) => `${inAnyCase(name)}$`),
  ...forbiddenPrefixes.map(inAnyCase),
].join('|');

/** The names that a header of an endpoint may have. */
export const headerNamePattern = new RegExp(`^(?!${forbidden})${validName.source.slice(1)}`);

const sensitiveNames: ReadonlySet<string> = new Set([
  ...['x-auth-token', 'x-api-key', 'www-authenticate', 'authorization', 'proxy-authenticate', 'proxy-authorization'],
]);

/** Whether a header's value is never shown again. */
export const isSensitiveHeader = (name: string): boolean => sensitiveNames.has(name.toLowerCase());

/**
 * Checks the headers that are sent with every attempt to an endpoint.
 *
 * @param loc - the place of the headers in the request
 * @returns every problem; empty if the headers may be sent
 */
export const checkEndpointHeaders = (
  headers: Headers,
  loc: readonly string[] = ['body', 'headers'],
): readonly ValidationIssue[] => {
  if (Buffer.byteLength(Object.entries(headers).flat().join('')) > maxTotalBytes)
    return [{ loc, msg: `must be at most ${maxTotalBytes} bytes in all`, type: 'value_error' }];
  const faults = Object.entries(headers).flatMap(([name, value]) => {
    const msg = nameProblem(name) ?? valueProblem(value);
    return msg === undefined ? [] : [{ loc: [...loc, name], msg, type: 'value_error' }];
  });
  return [...faults, ...checkSpellings(Object.keys(headers), loc)];
};

/**
 * Finds header names that differ only in case. They name the same header (RFC 9110, 5.1), so a request gives it once.
 *
 * @param loc - the place of the headers in the request
 */
export function checkSpellings(names: readonly string[], loc: readonly string[]): readonly ValidationIssue[] {
  const spellings = new Map<string, string>();
  return names.flatMap((name) => {
    const first = spellings.get(name.toLowerCase());
    if (first === undefined) spellings.set(name.toLowerCase(), name);
    if (first === undefined || first === name) return [];
    return [
      { loc: [...loc, name], msg: `${first} and ${name} are the same header: give one of them`, type: 'value_error' },
    ];
  });
}

/** One value for each header, whatever the case of its name: the last one that was given. */
export function mergeSpellings(headers: Headers): Headers {
  const byName = new Map(Object.entries(headers).map((entry) => [entry[0].toLowerCase(), entry]));
  return Object.fromEntries(byName.values());
}

function nameProblem(name: string): string | undefined {
  if (!validName.test(name)) return 'not a valid header name';
  return headerNamePattern.test(name) ? undefined : 'this header cannot be set: the sender or its network uses it';
}

function valueProblem(value: string): string | undefined {
  if (value.length > maxHeaderValueLength) return `a header value has at most ${maxHeaderValueLength} characters`;
  return headerValuePattern.test(value) ? undefined : 'not a valid header value';
}
