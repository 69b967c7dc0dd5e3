import { join } from 'node:path';
import { createClient, type RedisClientType } from '@redis/client';
import { findProgram, makeFolder, startServer } from './start-server.ts';

export interface Redis {
  readonly client: RedisClientType;
  stop(): Promise<void>;
}

/** Starts the Redis that is installed, in memory, on a socket. Returns nothing if there is none. */
export async function startRedis(): Promise<Redis | undefined> {
  const program = findProgram('redis-server');
  if (!program) return undefined;
  const folder = await makeFolder();
  const path = join(folder, 'redis.sock');
  const server = startServer(program, ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder], folder);
  const client: RedisClientType = createClient({ socket: { path, tls: false } });
  // Until the server listens, connections fail: the client tries again by itself.
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
