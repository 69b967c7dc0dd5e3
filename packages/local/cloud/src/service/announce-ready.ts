import { connect } from 'node:net';
import { pause } from '@posthorn/local-event-sources';

const lookEveryMs = 25;

/** Resolves when every port accepts connections, or when the signal aborts. */
export async function waitForPorts(host: string, ports: readonly number[], signal: AbortSignal): Promise<void> {
  for (const port of ports) {
    while (!signal.aborted && !(await isListening(host, port))) await pause(lookEveryMs, signal);
  }
}

const isListening = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    const answer = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });

/** Sends `ready` to the parent process, if there is an IPC channel to it. */
export function announceReady(): void {
  if (process.connected) process.send?.('ready');
}

/** Calls `end` when the parent process ends, in any way. Does nothing if there is no IPC channel to it. */
export function endWithParent(end: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', end);
  else end();
}
