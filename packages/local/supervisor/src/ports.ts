import { findFreePort as findPort, PortTaken as OtherPortTaken } from '@posthorn/local-cloud/stores/free-port';

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
export const findFreePort = (wanted = 0): Promise<number> =>
  findPort('Posthorn', wanted).catch((error: unknown) => {
    throw error instanceof OtherPortTaken ? new PortTaken(wanted, { cause: error }) : error;
  });
