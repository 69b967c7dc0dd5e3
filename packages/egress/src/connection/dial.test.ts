import { type RawServer, startRawServer } from '@posthorn/testing';
import { dial } from './dial.ts';
import { createTlsState } from './tls-state.ts';

let server: RawServer;
beforeEach(async () => {
  server = await startRawServer(() => undefined);
});
afterEach(() => server.stop());

const loopback = { address: '127.0.0.1', family: 4 };
const target = (scheme: string, addresses = [loopback]) => ({
  url: new URL(`${scheme}://a.example:${server.port}/`),
  addresses,
});
const tls = () => createTlsState([]);

describe('dialling', () => {
  it('is given up when the time is over, connected or not', async () => {
    const time = new AbortController();
    const dialling = dial(target('https'), { tls, signal: time.signal });
    time.abort();
    await expect(dialling).rejects.toMatchObject({ reason: 'connect-timeout' });
    await expect(dial(target('http'), { tls, signal: time.signal })).rejects.toMatchObject({
      reason: 'connect-timeout',
    });
  });

  it('tries the next address if one refuses', async () => {
    const { signal } = new AbortController();
    const socket = await dial(target('http', [{ address: '127.0.0.2', family: 4 }, loopback]), { tls, signal });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('fails as the first address did if all fail', async () => {
    const addresses = ['127.0.0.2', '127.0.0.3'].map((address) => ({ address, family: 4 }));
    const { signal } = new AbortController();
    await expect(dial(target('http', addresses), { tls, signal })).rejects.toMatchObject({ reason: 'refused' });
  });
});
