import { type Connection, pathOf } from '../../../connection/connection.ts';
import { toRefusal } from '../../../connection/refusal.ts';
import { findEndpoint } from '../../../outcomes/find-endpoint.ts';
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
  readonly connection: Connection;
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
  const { id, url, disabled, eventTypes, channels } = await findEndpoint(connection, app, place.endpoint);
  const [headers, secret, transformation] = await Promise.all([
    get<HeadersOut>(connection, pathOf`/app/${app}/endpoint/${id}/headers`),
    withSecret ? get<{ readonly key: string }>(connection, pathOf`/app/${app}/endpoint/${id}/secret`) : undefined,
    readTransformation(connection, app, id),
  ]);
  const { code, enabled, variables } = transformation;
  return {
    ...{ id, url, disabled, filter: { eventTypes: eventTypes ?? undefined, channels: channels ?? undefined } },
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

const get = async <Body>(connection: Place['connection'], path: string): Promise<Body> =>
  (await connection.call({ method: 'GET', path })).json<Body>();

/** Endpoints and destinations have routes of their own. */
async function readTransformation(connection: Connection, app: string, id: string): Promise<TransformationOut> {
  const path = pathOf`/app/${app}/endpoint/${id}/transformation`;
  const answer = await connection.send({ method: 'GET', path });
  if (answer.status === 200) return answer.json<TransformationOut>();
  if (answer.status !== 404) throw toRefusal(answer, `GET ${path}`);
  return get<TransformationOut>(connection, pathOf`/app/${app}/destination/${id}/transformation`);
}
