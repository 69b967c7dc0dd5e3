import { type Connection, pathOf } from '../connection/connection.ts';
import { toRefusal } from '../connection/refusal.ts';
import { CliError } from '../exit/cli-error.ts';

/** An endpoint, or a destination. */
export interface FoundEndpoint {
  readonly id: string;
  readonly url: string;
  readonly disabled: boolean;
  readonly eventTypes: readonly string[] | null;
  readonly channels: readonly string[] | null;
}

interface EndpointAnswer extends FoundEndpoint {}
interface DestinationAnswer extends Partial<Pick<FoundEndpoint, 'eventTypes' | 'channels'>> {
  readonly id: string;
  readonly config: { readonly url: string };
  readonly status: string;
}

/** Finds an endpoint or destination by its id or uid. @throws CliError `failed` if there is none */
export async function findEndpoint(connection: Connection, app: string, endpoint: string): Promise<FoundEndpoint> {
  const path = pathOf`/app/${app}/endpoint/${endpoint}`;
  const answer = await connection.send({ method: 'GET', path });
  if (answer.status === 200) {
    const { id, url, disabled, eventTypes, channels } = answer.json<EndpointAnswer>();
    return { id, url, disabled, eventTypes, channels };
  }
  if (answer.status !== 404) throw toRefusal(answer, `GET ${path}`);
  const other = await connection.send({ method: 'GET', path: pathOf`/app/${app}/destination/${endpoint}` });
  if (other.status !== 200)
    throw new CliError('failed', `The application ${app} has no endpoint ${endpoint}`, {
      code: 'not_found',
      remedy: `List them: posthorn api GET /app/${app}/endpoint`,
    });
  const { id, config, status, eventTypes = null, channels = null } = other.json<DestinationAnswer>();
  return { id, url: config.url, disabled: status === 'disabled', eventTypes, channels };
}
