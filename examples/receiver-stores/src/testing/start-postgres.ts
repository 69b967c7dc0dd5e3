import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { findProgram, makeFolder, runProgram, startServer } from './start-server.ts';

const lookEveryMs = 50;
const patienceMs = 60_000;

export interface Postgres {
  readonly pool: Pool;
  stop(): Promise<void>;
}

/** Starts the PostgreSQL that is installed, with an empty database, on a socket. Returns nothing if there is none. */
export async function startPostgres(): Promise<Postgres | undefined> {
  const [initdb, postgres] = [findProgram('initdb'), findProgram('postgres')];
  if (!initdb || !postgres) return undefined;
  const folder = await makeFolder();
  const data = join(folder, 'data');
  await runProgram(initdb, ['-D', data, '-U', 'receiver', '-A', 'trust', '--no-sync']);
  const server = startServer(postgres, ['-D', data, '-k', folder, '-h', '', '-F'], folder);
  const pool = new Pool({ host: folder, user: 'receiver', database: 'postgres', max: 20 });
  // A connection that is idle when the server stops is no failure of a test.
  pool.on('error', () => undefined);
  await untilItAnswers(pool);
  return {
    pool,
    stop: async () => {
      await pool.end();
      await server.stop();
    },
  };
}

async function untilItAnswers(pool: Pool): Promise<void> {
  for (const deadline = performance.now() + patienceMs; ; await wait(lookEveryMs)) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
