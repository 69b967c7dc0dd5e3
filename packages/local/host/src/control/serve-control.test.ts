import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, verify } from '@posthorn/local-storage';
import type { LoopbackServer } from '../loopback-server.ts';
import { holdSnapshot } from './hold-snapshot.ts';
import { serveControl } from './serve-control.ts';

let folder: string;
let server: LoopbackServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-control-'));
});
afterEach(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

const secret = 'secret of the folder';
const serve = async (handlers: Parameters<typeof serveControl>[0]['handlers']) => {
  server = await serveControl({ handlers, token: secret, port: 0 });
  return server.endpoint;
};
const post = (url: string, token = secret) =>
  fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });

describe('the control endpoint', () => {
  it.each(['', 'another secret', `${secret}x`])('answers nobody with the token %j', async (token) => {
    const endpoint = await serve({
      'POST /x': async () => {
        throw new Error('was called');
      },
    });
    expect((await post(`${endpoint}/x`, token)).status).toBe(401);
  });

  it('answers 404 for an unknown command, and 503 with the problem of one that fails', async () => {
    const endpoint = await serve({
      'POST /x': async () => {
        throw new Error('The disk is full');
      },
    });
    expect((await post(`${endpoint}/y`)).status).toBe(404);
    const answer = await post(`${endpoint}/x`);
    expect([answer.status, await answer.json()]).toEqual([503, { problem: 'The disk is full' }]);
  });

  it('keeps a snapshot as long as the connection is open', async () => {
    const storage = await openStorage({ folder });
    await storage.commit([{ type: 'put', key: 'a', value: '1' }]);
    const endpoint = await serve({ 'POST /snapshot': holdSnapshot(storage, folder) });
    const asking = request(`${endpoint}/snapshot`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } });
    const line = await new Promise<string>((resolve, reject) => {
      asking.on('response', (response) => response.setEncoding('utf8').once('data', resolve));
      asking.on('error', reject).end();
    });
    const held = JSON.parse(line);
    expect(held).toEqual({ store: folder, folder: expect.stringContaining(folder), pauseMs: expect.any(Number) });
    await storage.commit([{ type: 'put', key: 'b', value: '2' }]);
    expect(await verify(held.folder)).toEqual({ findings: [], rows: 1 });
    asking.destroy();
    while ((await readdir(folder)).some((name) => name.startsWith('.')))
      await new Promise((resolve) => setImmediate(resolve));
    await storage.close();
  });

  it('says that a store in memory has no snapshot', async () => {
    const endpoint = await serve({ 'POST /snapshot': holdSnapshot(await openStorage({}), undefined) });
    const answer = await post(`${endpoint}/snapshot`);
    expect(await answer.json()).toEqual({ problem: expect.stringContaining('in memory') });
  });
});
