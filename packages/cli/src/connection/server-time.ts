import { type Connection, pathOf } from './connection.ts';

/**
 * The time of the server, whose clock can differ from that of this machine. It also shows that the application exists.
 *
 * @throws CliError if it does not, or the token may not read it
 */
export async function readServerTime(connection: Pick<Connection, 'call'>, app: string): Promise<Date> {
  const { headers } = await connection.call({ method: 'GET', path: pathOf`/app/${app}` });
  const time = new Date(headers.date ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? new Date() : time;
}
