import { findListeners } from './fixtures/listeners.ts';
import { runStart, whenReady } from './fixtures/start-command.ts';

/** Starts a system with this POSTHORN_HOST, and returns the port of its API and all its listening sockets. */
async function listenersWith(host?: string) {
  const command = await runStart({ env: host === undefined ? {} : { POSTHORN_HOST: host } });
  try {
    const { url, port } = await whenReady(command);
    expect((await fetch(`${url}/api/v1/health`)).ok).toBe(true);
    return { port: Number(port), listeners: await findListeners(await command.findAll()) };
  } finally {
    process.kill(command.pid, 'SIGTERM');
    await command.ended;
    await command.cleanUp();
  }
}

if (process.platform !== 'linux') console.warn('Sockets can be listed on Linux only, so listening.test.ts sees none.');
const canList = process.platform === 'linux';

describe('a system', () => {
  it('listens on loopback only', async () => {
    const { port, listeners } = await listenersWith();
    expect(listeners.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
    expect(listeners.some((listener) => listener.port === port)).toBe(canList);
  });

  it('lets other machines reach the API alone with POSTHORN_HOST=0.0.0.0', async () => {
    const { port, listeners } = await listenersWith('0.0.0.0');
    const open = listeners.filter(({ isLoopback }) => !isLoopback);
    expect(open.map((listener) => listener.port)).toEqual(canList ? [port] : []);
  });
});
