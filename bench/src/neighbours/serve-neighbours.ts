// Serves the endpoints of neighbours in a process of its own, so that they take no time of the measuring one:
// /hanging never answers, /failing answers 500, any other path 204. It prints its port, and ends with its parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/hanging') return;
  response.writeHead(request.url === '/failing' ? 500 : 204).end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('disconnect', () => process.exit());
