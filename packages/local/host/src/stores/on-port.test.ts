import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { onPort } from './on-port.ts';

const listen = async (port: number): Promise<Server> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};
// A server on TCP has an address of this kind.
const portOf = (server: Server): number => (server.address() as { port: number }).port;

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

it('takes the port if it is free, and another one if it is taken', async () => {
  const first = await onPort(0, listen);
  servers.push(first);
  const second = await onPort(portOf(first), listen);
  servers.push(second);
  expect(portOf(second)).not.toBe(portOf(first));
  const port = portOf(second);
  second.close();
  await once(second, 'close');
  servers.push(await onPort(port, listen));
  expect(portOf(servers.at(-1) as Server)).toBe(port);
});

it('fails for other problems', async () => {
  await expect(onPort(1, () => Promise.reject(new Error('no rights')))).rejects.toThrow('no rights');
});
