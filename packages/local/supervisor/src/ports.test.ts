import { once } from 'node:events';
import { createServer } from 'node:net';
import { PortTaken } from '@posthorn/local-cloud/stores/free-port';
import { findFreePort } from './ports.ts';

describe('a free port', () => {
  it('is chosen if no port is wanted, and is rejected while it is in use', async () => {
    const port = await findFreePort();
    const server = createServer().listen(port, 'localhost');
    await once(server, 'listening');
    await expect(findFreePort(port)).rejects.toThrow(PortTaken);
    await expect(findFreePort(port)).rejects.toThrow(new RegExp(`^Port ${port} is taken\\. .*POSTHORN_PORT=`));
    server.close();
    await once(server, 'close');
    expect(await findFreePort(port)).toBe(port);
  });
});
