import { createServer } from 'node:net';

/** A port that somebody else listens on. */
export class PortTaken extends Error {
  constructor(port: number, options?: ErrorOptions) {
    super(
      `Port ${port} is taken. Stop what listens there, or choose another one: POSTHORN_PORT=8072 npx pnpm@12 start`,
      options,
    );
    this.name = 'PortTaken';
  }
}

/**
 * A free port on loopback: the wanted one, or any for 0.
 *
 * @throws PortTaken
 */
export function findFreePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(isTaken(error) ? new PortTaken(wanted, { cause: error }) : error));
    probe.listen(wanted, 'localhost', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}

const isTaken = (error: Error): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
