import { type Connection, pathOf } from '../../../connection/connection.ts';
import { toRefusal } from '../../../connection/refusal.ts';
import { CliError } from '../../../exit/cli-error.ts';
import type { MessageFilter } from '../messages/wanted-messages.ts';
import type { TransformationCode } from '../transformation/sandbox-request.ts';

/** What makes an endpoint's deliveries what they are, as the API shows it. */
export interface EndpointSettings {
  readonly id: string;
  readonly url: string;
  readonly disabled: boolean;
  readonly filter: MessageFilter;
  /** Headers whose values the API shows. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers that deliveries have, and whose values the API never shows. */
  readonly hiddenHeaders: readonly string[];
  /** `whsec_…`, or `whpk_…` for a key pair: the API never shows a private key. Absent: it was not asked for. */
  readonly secret?: string;
  readonly transformation?: TransformationCode;
}

interface Place {
  readonly connection: Pick<Connection, 'send' | 'call'>;
  readonly app: string;
  readonly endpoint: string;
}

/**
 * Reads the settings of an endpoint or destination.
 *
 * @param withSecret - whether its secret is needed. Not every token may read it.
 * @throws CliError if there is none, or the token may not read them
 */
export async function readEndpointSettings(place: Place, withSecret: boolean): Promise<EndpointSettings> {
  const { connection, app } = place;
  const { kind, ...found } = await findEndpoint(place);
  const [headers, secret, transformation] = await Promise.all([
    get<HeadersOut>(connection, pathOf`/app/${app}/endpoint/${found.id}/headers`),
    withSecret ? get<{ readonly key: string }>(connection, pathOf`/app/${app}/endpoint/${found.id}/secret`) : undefined,
    get<TransformationOut>(connection, `${pathOf`/app/${app}/${kind}/${found.id}`}/transformation`),
  ]);
  const { code, enabled, variables } = transformation;
  return {
    ...found,
    headers: headers.headers,
    hiddenHeaders: headers.sensitive,
    ...(secret && { secret: secret.key }),
    ...(enabled && code !== null && { transformation: { code, variables: variables ?? {} } }),
  };
}

interface HeadersOut {
  readonly headers: Readonly<Record<string, string>>;
  readonly sensitive: readonly string[];
}

interface TransformationOut {
  readonly code: string | null;
  readonly enabled: boolean;
  /** Destinations have none. */
  readonly variables?: Readonly<Record<string, string>> | null;
}

interface EndpointOut {
  readonly id: string;
  readonly url: string;
  readonly disabled: boolean;
  readonly eventTypes: readonly string[] | null;
  readonly channels: readonly string[] | null;
}

interface DestinationOut {
  readonly id: string;
  readonly config: { readonly url: string };
  readonly status: string;
  readonly eventTypes?: readonly string[];
  readonly channels?: readonly string[];
}

type Found = Pick<EndpointSettings, 'id' | 'url' | 'disabled' | 'filter'> & {
  readonly kind: 'endpoint' | 'destination';
};

/** Endpoints and destinations have routes of their own. */
async function findEndpoint({ connection, app, endpoint }: Place): Promise<Found> {
  const kept = await getIfFound<EndpointOut>(connection, pathOf`/app/${app}/endpoint/${endpoint}`);
  if (kept) {
    const { id, url, disabled, eventTypes, channels } = kept;
    return { kind: 'endpoint', id, url, disabled, filter: toFilter(eventTypes, channels) };
  }
  const destination = await getIfFound<DestinationOut>(connection, pathOf`/app/${app}/destination/${endpoint}`);
  if (destination) {
    const { id, config, status, eventTypes, channels } = destination;
    const filter = toFilter(eventTypes, channels);
    return { kind: 'destination', id, url: config.url, disabled: status === 'disabled', filter };
  }
  throw new CliError('failed', `The application ${app} has no endpoint or destination ${endpoint}`, {
    code: 'not_found',
    remedy: `List them with posthorn api GET ${pathOf`/app/${app}/endpoint`}`,
  });
}

const toFilter = (
  eventTypes: readonly string[] | null | undefined,
  channels: readonly string[] | null | undefined,
): MessageFilter => ({ eventTypes: eventTypes ?? undefined, channels: channels ?? undefined });

const get = async <Body>(connection: Place['connection'], path: string): Promise<Body> =>
  (await connection.call({ method: 'GET', path })).json<Body>();

async function getIfFound<Body>({ send }: Place['connection'], path: string): Promise<Body | undefined> {
  const answer = await send({ method: 'GET', path });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw toRefusal(answer, `GET ${path}`);
  return answer.json<Body>();
}
