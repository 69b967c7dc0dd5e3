import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Places } from './neighbours.ts';

/** Starts the endpoints of neighbours in another process. */
export async function startPlaces(): Promise<Places & { stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-neighbours.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [port] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    ended.then(([code]) => Promise.reject(new Error(`the endpoints ended with ${code}`))),
  ]);
  const url = `http://127.0.0.1:${String(port).trim()}`;
  return {
    hanging: `${url}/hanging`,
    failing: `${url}/failing`,
    well: `${url}/well`,
    deadName: (number) => `http://dead-${number}.example:${String(port).trim()}/`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
