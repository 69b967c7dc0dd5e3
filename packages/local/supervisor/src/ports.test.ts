import { once } from 'node:events';
import { createServer } from 'node:net';
import { PortTaken } from '@posthorn/local-cloud/stores/free-port';
import { findAfterKill, findApiPort, findFreePort, findTablesPort } from './ports.ts';

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

describe('the port of a system that was killed', () => {
  it('is waited for while its processes still hold it, and only then', async () => {
    const port = await findFreePort();
    const server = createServer().listen(port, 'localhost');
    await once(server, 'listening');
    const find = () => findFreePort(port);
    await expect(findAfterKill(false, find)).rejects.toThrow(PortTaken);
    let tries = 0;
    const closeLater = async () => {
      tries += 1;
      if (tries === 3) server.close();
      return find();
    };
    expect(await findAfterKill(true, closeLater)).toBe(port);
    expect(tries).toBeGreaterThan(2);
  });

  it('is reported as taken if another program keeps it', async () => {
    const port = await findFreePort();
    const server = createServer().listen(port, 'localhost');
    await once(server, 'listening');
    await expect(findAfterKill(true, () => findFreePort(port))).rejects.toThrow(PortTaken);
    server.close();
    await once(server, 'close');
  });
});

describe('the port of the tables', () => {
  it('is that of the last start, unless another program has it', async () => {
    const port = await findFreePort();
    const last = { dynamodb: `http://127.0.0.1:${port}` };
    expect(await findTablesPort(last)).toBe(port);
    const server = createServer().listen(port, 'localhost');
    await once(server, 'listening');
    expect(await findTablesPort(last)).not.toBe(port);
    server.close();
    await once(server, 'close');
  });

  it.each([undefined, { dynamodb: 'https://dynamodb.example:8000' }])('is any free one after %j', async (last) => {
    expect(await findTablesPort(last)).toBeGreaterThan(8_000);
  });
});

describe('the port of the API', () => {
  it('is rejected while it is in use on the address', async () => {
    const port = await findApiPort({ host: '127.0.0.1', port: 0 });
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await expect(findApiPort({ host: '127.0.0.1', port })).rejects.toThrow(PortTaken);
    server.close();
    await once(server, 'close');
  });

  it('is rejected with the variable if the machine does not have the address', async () => {
    const elsewhere = findApiPort({ host: '192.0.2.1', port: 8071 });
    await expect(elsewhere).rejects.toThrow('POSTHORN_HOST: this machine has no address 192.0.2.1');
  });
});
