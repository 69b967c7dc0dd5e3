import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openRawClient, readLastAnswer } from '../testing/raw-client.ts';
import { createConnectionCounts } from './count-connections.ts';
import { guardConnections } from './guard-connections.ts';
import { createSocketRefusals } from './refuse-socket.ts';

const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

it('answers a connection too many in the documented form, and serves the others', async () => {
  let served = 0;
  const refusals = createSocketRefusals(50);
  const server = createServer((request, response) => {
    if (refusals.has(request.socket)) return;
    served += 1;
    response.end('served');
  });
  guardConnections(
    server,
    createConnectionCounts(2, () => false),
    refusals,
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const open = () => openRawClient(port);

  const first = await open();
  const second = await open();
  const third = await open();
  third.send(get);
  const refusal = await third.closed();
  expect(refusal).toMatch(/\r\nretry-after: 1\r\n/);
  expect(readLastAnswer(refusal)).toEqual({
    status: 429,
    body: { code: 'too_many_connections', detail: expect.any(String) },
  });
  for (const client of [first, second]) {
    client.send(get);
    await client.until(/served/);
  }
  first.socket.destroy();
  await first.closed();
  // The server sees that the client has closed its connection when it reads the next event of the network.
  for (let isServed = false; !isServed; ) {
    const fourth = await open();
    fourth.send(get);
    isServed = await fourth.until(/served/).then(
      () => true,
      () => false,
    );
    fourth.socket.destroy();
  }
  expect(served).toBe(3);
  server.closeAllConnections();
  server.close();
});
