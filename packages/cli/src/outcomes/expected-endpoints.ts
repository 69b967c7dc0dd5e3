import { type Connection, pathOf } from '../connection/connection.ts';
import { readAll } from '../connection/read-pages.ts';

/** An endpoint or destination that a message is for. */
export interface ExpectedEndpoint {
  readonly id: string;
  readonly url: string;
}

interface Filters {
  readonly id: string;
  readonly eventTypes?: readonly string[] | null;
  readonly channels?: readonly string[] | null;
}
interface ListedEndpoint extends Filters {
  readonly url: string;
  readonly disabled: boolean;
}
interface ListedDestination extends Filters {
  readonly config: { readonly url: string };
  readonly status: string;
}

/** What decides who gets a message. */
export interface MessageFilters {
  readonly eventType: string;
  readonly channels: readonly string[];
}

/** Lists the endpoints and destinations of an application that a message is for, as fan-out chooses them. */
export async function findExpectedEndpoints(
  connection: Connection,
  app: string,
  message: MessageFilters,
): Promise<readonly ExpectedEndpoint[]> {
  const [endpoints, destinations] = await Promise.all([
    readAll<ListedEndpoint>(connection, pathOf`/app/${app}/endpoint`),
    readAll<ListedDestination>(connection, pathOf`/app/${app}/destination`),
  ]);
  return [
    ...endpoints.filter((one) => !one.disabled && matches(one, message)).map(({ id, url }) => ({ id, url })),
    ...destinations
      .filter((one) => one.status !== 'disabled' && matches(one, message))
      .map(({ id, config }) => ({ id, url: config.url })),
  ];
}

/** The rule of fan-out: without filters, all messages. No channels at a destination can be an empty list. */
export const matches = ({ eventTypes, channels }: Filters, message: MessageFilters): boolean =>
  (!eventTypes || eventTypes.length === 0 || eventTypes.includes(message.eventType)) &&
  (!channels || channels.length === 0 || channels.some((channel) => message.channels.includes(channel)));
