import { randomInt } from 'node:crypto';
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
 * Ports for who wants any: below those that systems give to outgoing connections (from 32768 on Linux, from 49152 on
 * others), one of which could take the port before it is listened on.
 */
const anyPort = { from: 20_000, to: 32_000 };
const given = new Set<number>();

/**
 * The wanted port if nothing listens on it, or any free one for 0: never the same one twice.
 *
 * @throws PortTaken
 */
export async function findFreePort(program: string, wanted = 0): Promise<number> {
  if (wanted !== 0) {
    await probe(program, wanted);
    return wanted;
  }
  for (;;) {
    const port = randomInt(anyPort.from, anyPort.to);
    if (given.has(port)) continue;
    given.add(port);
    try {
      await probe(program, port);
      return port;
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
    }
  }
}

/** @throws PortTaken */
function probe(program: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(hasErrorCode(error, 'EADDRINUSE') ? new PortTaken(program, port, { cause: error }) : error),
    );
    server.listen(port, 'localhost', () => server.close(() => resolve()));
  });
}
