import { CliError, type FailureKind } from '../exit/cli-error.ts';
import { type Profile, readProfile } from '../profiles/profile-file.ts';
import type { Io } from '../terminal/io.ts';
import { type GivenAddress, readServerUrl } from './server-url.ts';

/** What the command line says about the server. */
export interface ConnectionChoice {
  readonly profile?: string | undefined;
  readonly server?: string | undefined;
  readonly allowHttp?: boolean | undefined;
}

/** The server and the token of a command. */
export interface ChosenConnection {
  readonly server: string;
  readonly token: string | undefined;
  readonly profile: string | undefined;
}

const defaultProfile = 'default';
const logIn = 'Log in first: posthorn login --server URL';

/** The name of the profile of a command: `--profile`, `POSTHORN_PROFILE` or `default`. */
export const chosenProfile = ({ profile }: ConnectionChoice, { env }: Pick<Io, 'env'>): string =>
  profile ?? (env.POSTHORN_PROFILE || defaultProfile);

/** Whether plain HTTP to another machine is allowed by name: `--allow-http`, or `POSTHORN_ALLOW_HTTP=1`. */
export const allowsHttp = ({ allowHttp = false }: ConnectionChoice, { env }: Pick<Io, 'env'>): boolean =>
  allowHttp || env.POSTHORN_ALLOW_HTTP === '1';

/** The address of a server on the command line or in the environment. A named profile comes before the environment. */
export function namedServer({ server, profile }: ConnectionChoice, { env }: Pick<Io, 'env'>): GivenAddress | undefined {
  if (server !== undefined) return { text: server, source: '--server' };
  const text = profile === undefined ? env.POSTHORN_URL : undefined;
  return text ? { text, source: 'POSTHORN_URL' } : undefined;
}

/**
 * Finds the server and the token: options of the command line first, then the environment, then the profile. A profile
 * that the command line names is used instead of the environment. A token of the environment needs a server that was
 * named on the command line or there.
 *
 * @throws CliError `notAllowed` without a login or a server that was named, or if a profile's token would go to another server
 */
export async function chooseConnection(choice: ConnectionChoice, io: Io): Promise<ChosenConnection> {
  const name = chosenProfile(choice, io);
  const env = choice.profile === undefined ? io.env : {};
  const profile = await readProfile(io, name);
  if (profile === undefined && choice.profile !== undefined)
    throw new CliError('notAllowed', `There is no profile ${name}`, { code: 'no_profile', remedy: logIn });
  const named = namedServer(choice, io);
  // It would go to the server of whatever login is there.
  if (env.POSTHORN_TOKEN && named === undefined)
    throw new CliError('usage', 'POSTHORN_TOKEN is set, but no server for it', {
      code: 'no_server',
      remedy: 'Set POSTHORN_URL too, or add --server URL. With --profile NAME the token of that login is used',
    });
  const address = named ?? (profile && { text: profile.server, source: `The server of the profile ${name}` });
  if (address === undefined)
    throw new CliError('notAllowed', 'No server is known', { code: 'no_server', remedy: logIn });
  const isOfProfile = profile?.server === readServerUrl(address, { allowHttp: true });
  const server = readServerUrl(address, { allowHttp: allowsHttp(choice, io) || (isOfProfile && profile.allowHttp) });
  if (env.POSTHORN_TOKEN)
    return { server, token: checkToken(env.POSTHORN_TOKEN, 'POSTHORN_TOKEN', 'notAllowed'), profile: undefined };
  return { server, token: tokenFor(server, name, profile), profile: name };
}

/** A token is sent to no other server than the one that it was given for. */
function tokenFor(server: string, name: string, profile: Profile | undefined): string | undefined {
  if (profile === undefined || profile.server === server) return profile?.token;
  throw new CliError('notAllowed', `The token of the profile ${name} is for ${profile.server}, not for ${server}`, {
    code: 'token_of_another_server',
    remedy: 'Log in there under another profile, or set POSTHORN_TOKEN',
  });
}

/** Returns the token if it can be in a header. @throws CliError, of the kind that is given, which does not repeat it */
export function checkToken(text: string, source: string, kind: FailureKind): string {
  const token = text.trim();
  if (/^[\x21-\x7e]{8,8192}$/.test(token)) return token;
  throw new CliError(kind, `${source} has no token`, {
    code: 'token_malformed',
    remedy: 'A token is one word of 8 to 8192 characters',
  });
}
