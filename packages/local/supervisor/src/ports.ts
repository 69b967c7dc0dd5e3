import { findFreePort as findPort } from '@posthorn/local-cloud/stores/free-port';

const howToChoose = 'POSTHORN_PORT=8072 npx pnpm@12 start';

/**
 * Returns a free port on loopback: the wanted port, or any free port for 0.
 *
 * @throws PortTaken of `@posthorn/local-cloud`
 */
export const findFreePort = (wanted = 0): Promise<number> => findPort({ program: 'Posthorn', wanted, howToChoose });
