import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionCounts } from './count-connections.ts';
import type { Failure } from './refusal.ts';
import type { SocketRefusals } from './refuse-socket.ts';

/** Refuses connections of an address that has too many. */
export function guardConnections(server: Server, counts: ConnectionCounts, refusals: SocketRefusals): void {
  const tooMany: Failure = {
    status: 429,
    code: 'too_many_connections',
    detail: 'Your address has too many open connections. Close some, or use each for several requests.',
  };
  // Before the listener of the server itself.
  server.prependListener('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const admission = counts.admit(remoteAddress);
    if (admission === 'drop') return void socket.destroy();
    socket.once('close', () => counts.closed(remoteAddress));
    if (admission === 'refuse') refusals.refuse(socket, tooMany);
  });
}
