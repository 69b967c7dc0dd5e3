import { CliError } from '../exit/cli-error.ts';

const apiPath = '/api/v1';

/** True for hosts that are this machine. Other names below `.localhost` can lead elsewhere. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

/** An address, and where it is from: `--server`, `POSTHORN_URL` or a profile. */
export interface GivenAddress {
  readonly text: string;
  readonly source: string;
}

/**
 * Checks the address of a server and returns it without `/api/v1` and without a slash at its end. An error names the
 * source of the address and does not repeat its text: a mistyped one may have a password anywhere.
 *
 * @throws CliError `usage` if it is no URL, has credentials or a query, or is plain HTTP to another machine
 */
export function readServerUrl({ text, source }: GivenAddress, { allowHttp }: { readonly allowHttp: boolean }): string {
  const url = parse(text);
  const isHttp = url?.protocol === 'http:';
  if (url === undefined || !(isHttp || url.protocol === 'https:'))
    throw new CliError('usage', `${source} is no address of a server`, { remedy: 'Write it as https://HOST' });
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname.includes('@'))
    throw new CliError('usage', `${source} must have no user name, password, query or fragment`);
  if (isHttp && !allowHttp && !isLoopback(url.hostname))
    throw new CliError('usage', `${url.origin} is plain HTTP: everybody on the way could read the token`, {
      code: 'insecure_server',
      remedy: 'Write https://, or add --allow-http if the network is trusted',
    });
  const path = url.pathname.replace(/\/+$/, '');
  return url.origin + (path.endsWith(apiPath) ? path.slice(0, -apiPath.length) : path);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** A part of a path that a URL leaves out, together with the part before it if there are two dots. */
const step = /^(?:\.|%2e){1,2}$/i;

/**
 * Returns the URL of an operation. Its path may be short (`/app`) or whole (`/api/v1/app`).
 *
 * @throws CliError `usage` for a path with a part `.` or `..`: without it, the path is that of another operation
 */
export function operationUrl(server: string, path: string, query: Query = {}): URL {
  if (!path.startsWith('/')) throw new CliError('usage', `The path ${path} must start with /`);
  const [written = ''] = path.split(/[?#]/);
  if (written.split(/[/\\]/).some((part) => step.test(part)))
    throw new CliError('usage', `The path ${path} must have no part . or ..`, { remedy: 'Name the thing by its id' });
  const url = new URL(server + (/^\/(api|docs)(\/|\?|$)/.test(path) ? path : `${apiPath}${path}`));
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
  return url;
}

/** Parameters of a query. A list is repeated; what is undefined is left out. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
>;
