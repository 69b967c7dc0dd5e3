import { connect } from 'node:net';
import { pause } from '../pause.ts';

const lookEveryMs = 25;

/** Resolves when something listens on each of the ports, or at the signal. */
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

/** Says `ready` to the process that started this one, over its IPC channel; without one there is nobody to tell. */
export function announceReady(): void {
  if (process.connected) process.send?.('ready');
}

/** Ends this process with the one that started it and holds its IPC channel, however that one ends. */
export function endWithParent(end: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', end);
  else end();
}
