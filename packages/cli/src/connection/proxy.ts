import { CliError } from '../exit/cli-error.ts';
import { isLoopback } from './server-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
const portOf = (url: URL): string => url.port || (defaultPorts[url.protocol] ?? '');

/** Both spellings are in use. The one in small letters comes first, as for curl. */
const read = (env: Environment, name: string): string => env[name] || env[name.toUpperCase()] || '';

/**
 * Returns the proxy for a URL: of `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, unless `NO_PROXY` names the host.
 * `undefined`: none. This machine is never asked for through a proxy.
 *
 * @throws CliError `usage` if the variable has no URL, or its user or password cannot be decoded
 */
export function findProxy(url: URL, env: Environment): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const text = read(env, name) || read(env, 'all_proxy');
  if (text === '' || isExcluded(url, read(env, 'no_proxy'))) return undefined;
  return parseProxy(name, text);
}

function parseProxy(name: string, text: string): URL {
  const variable = name.toUpperCase();
  // No error repeats the text: it may have a password.
  const address = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(address))
    throw new CliError('usage', `${variable} has no URL of a proxy`, { remedy: 'Write it as http://HOST:PORT' });
  const proxy = new URL(address);
  if (!/^https?:$/.test(proxy.protocol))
    throw new CliError('usage', `The proxy of ${variable} is neither http:// nor https://`);
  if (credentialsOf(proxy) === undefined)
    throw new CliError('usage', `The user or the password in ${variable} has a % that is no percent-encoding`, {
      remedy: 'Write % as %25',
    });
  return proxy;
}

/** The user and the password. `undefined` if they cannot be decoded. */
function credentialsOf({ username, password }: URL): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    return undefined;
  }
}

/** Entries are hosts, `.example.com` or `*.example.com` for all below, with or without a port, or `*` for everything. */
function isExcluded(url: URL, noProxy: string): boolean {
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry === '*' || (entry !== '' && matches(url, entry)));
}

function matches(url: URL, entry: string): boolean {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  const suffix = name.replace(/^\*?\./, '');
  return url.hostname === suffix || url.hostname.endsWith(`.${suffix}`);
}

/** The header that tells the proxy who asks. Empty if its URL has no user. */
export function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
  const credentials = credentialsOf(proxy);
  if (proxy.username === '' || credentials === undefined) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
