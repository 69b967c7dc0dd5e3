import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { hasErrorCode } from '../error-code.ts';

/** Another program on this machine listens on the port. */
export class PortTaken extends Error {
  constructor({ program, wanted, howToChoose }: PortRequest, options?: ErrorOptions) {
    const advice = howToChoose === undefined ? '' : `: ${howToChoose}`;
    super(
      `Port ${wanted} is taken. ${program} needs it: stop the other program, or choose another port${advice}`,
      options,
    );
    this.name = 'PortTaken';
  }
}

interface PortRequest {
  readonly program: string;
  /** 0 for any port. */
  readonly wanted?: number | undefined;
  /** The address that the program listens on. Default: `localhost`. */
  readonly host?: string;
  /** The command that chooses another port. */
  readonly howToChoose?: string;
}

/**
 * The range for callers that accept any port. It is below the ephemeral ports (from 32768 on Linux, from 49152 on other
 * systems). An outgoing connection could take one of those before the caller listens on it.
 */
const anyPort = { from: 20_000, to: 32_000 };
const given = new Set<number>();

/**
 * Returns the wanted port if nothing listens on it, or any free port for 0. It never returns the same free port twice.
 *
 * @throws PortTaken
 */
export async function findFreePort(request: PortRequest): Promise<number> {
  const { wanted = 0 } = request;
  if (wanted !== 0) {
    await probe(request, wanted);
    return wanted;
  }
  for (;;) {
    const port = randomInt(anyPort.from, anyPort.to);
    if (given.has(port)) continue;
    given.add(port);
    try {
      await probe(request, port);
      return port;
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
    }
  }
}

/** @throws PortTaken */
function probe(request: PortRequest, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(hasErrorCode(error, 'EADDRINUSE') ? new PortTaken({ ...request, wanted: port }, { cause: error }) : error),
    );
    server.listen(port, request.host ?? 'localhost', () => server.close(() => resolve()));
  });
}
