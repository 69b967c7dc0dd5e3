import { join } from 'node:path';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import type { Places } from './neighbours.ts';

/** Starts the endpoints of neighbours in another process. */
export async function startPlaces(): Promise<Places & { stop(): Promise<void> }> {
  const { firstLine: port, kill } = await startMortalProcess(join(import.meta.dirname, 'serve-neighbours.ts'));
  const url = `http://127.0.0.1:${port}`;
  return {
    hanging: `${url}/hanging`,
    failing: `${url}/failing`,
    well: `${url}/well`,
    deadName: (number) => `http://dead-${number}.example:${port}/`,
    stop: kill,
  };
}
