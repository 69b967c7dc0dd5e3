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

/**
 * Tells the process that started this one, over its IPC channel, that the service is up; and ends with that process,
 * however it ended. Without a channel there is nobody to tell.
 */
export function announceReady(end: () => void): void {
  if (process.send === undefined) return;
  process.send('ready');
  process.once('disconnect', end);
}
