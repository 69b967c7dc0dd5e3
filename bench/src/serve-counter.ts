// An endpoint in a process of its own, so that receiving takes no time of the measuring one: it counts POST requests,
// and answers a GET with how many there were. A PUT to /500 lets it answer POSTs with that status from then on, without
// counting those that fail. It prints its port, and ends with its parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let received = 0;
let status = 204;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(String(received));
    return;
  }
  request.resume().on('end', () => {
    if (request.method === 'PUT') status = Number(request.url?.slice(1));
    else if (status < 300) received += 1;
    response.writeHead(request.method === 'PUT' ? 204 : status).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  // It listens on a TCP port.
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('disconnect', () => process.exit());
