import type { Connection } from '../../connection/connection.ts';
import { requireOfPosthorn } from '../../connection/not-posthorn.ts';
import { toRefusal } from '../../connection/refusal.ts';

/** Whether a server accepts messages. */
export interface Health {
  readonly healthy: boolean;
  /** The server's reason. Absent if it is healthy. */
  readonly reason?: string;
}

/** Asks a server whether it accepts messages. @throws CliError if something else answers */
export async function readHealth(connection: Connection): Promise<Health> {
  const answer = await connection.send({ method: 'GET', path: '/health', retry: false });
  if (answer.status >= 200 && answer.status < 300) {
    requireOfPosthorn(answer, connection.server);
    return { healthy: true };
  }
  const refusal = toRefusal(answer, 'GET /health');
  if (answer.status !== 503) throw refusal;
  return { healthy: false, reason: refusal.message.replace(/^.*?\(503\)(: )?/, '') };
}
