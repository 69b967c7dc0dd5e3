import { createServer } from 'node:net';
import { hasErrorCode } from '../error-code.ts';

/** Something else on this machine listens on the port already. */
export class PortTaken extends Error {
  constructor(program: string, port: number, options?: ErrorOptions) {
    super(
      `Port ${port} is taken, so ${program} cannot start there. Stop what listens on it, or choose another.`,
      options,
    );
    this.name = 'PortTaken';
  }
}

/**
 * The wanted port if nothing listens on it, or any free one for 0.
 *
 * @throws PortTaken
 */
export function findFreePort(program: string, wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) =>
      reject(hasErrorCode(error, 'EADDRINUSE') ? new PortTaken(program, wanted, { cause: error }) : error),
    );
    probe.listen(wanted, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
