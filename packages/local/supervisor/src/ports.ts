import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort as findPort, PortTaken } from '@posthorn/local-cloud/stores/free-port';

const howToChoose = 'POSTHORN_PORT=8072 npx pnpm@12 start';

/** How long the system may need to close the port of a process that was killed, on a busy machine too. */
const closingMs = 5_000;
const lookEveryMs = 100;

/**
 * Finds a port as `find` does. If the last system of the folder was killed, a port that is taken is tried again for a while:
 * the process list no longer has its processes, but the last of their threads may still hold it.
 *
 * @throws PortTaken
 */
export async function findAfterKill<Found>(wasKilled: boolean, find: () => Promise<Found>): Promise<Found> {
  const deadline = performance.now() + (wasKilled ? closingMs : 0);
  for (;;) {
    try {
      return await find();
    } catch (error) {
      if (!(error instanceof PortTaken) || performance.now() > deadline) throw error;
      await wait(lookEveryMs);
    }
  }
}

/** Returns a free port on loopback. */
export const findFreePort = (wanted = 0): Promise<number> => findPort({ program: 'Posthorn', wanted, howToChoose });

const adviceFor: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRNOTAVAIL: (host) => `POSTHORN_HOST: this machine has no address ${host}`,
  EACCES: (_, port) => `POSTHORN_PORT: this user may not listen on port ${port}. Choose a port from 1024`,
};

/**
 * Returns the port for the API on its address: the wanted port, or any free port for 0.
 *
 * @throws PortTaken of `@posthorn/local-cloud`, or an error that says what is wrong with the address or the port
 */
export async function findApiPort({ host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  try {
    return await findPort({ program: 'Posthorn', wanted: port, host, howToChoose });
  } catch (error) {
    const advice = adviceFor[(error as NodeJS.ErrnoException).code ?? ''];
    throw advice === undefined ? error : new Error(advice(host, port), { cause: error });
  }
}

/**
 * Checks that nothing listens on the port for the metrics. 0 is any free one.
 *
 * @throws PortTaken
 */
export async function requireMetricsPort(wanted: number | undefined): Promise<void> {
  if (wanted === undefined || wanted === 0) return;
  const advice = 'POSTHORN_METRICS_PORT=9465 npx pnpm@12 start';
  await findPort({ program: 'Posthorn', wanted, host: '127.0.0.1', howToChoose: advice });
}

/** Ports that stay the same when the host is started again, since other processes have them in their environment. */
export async function findStorePorts() {
  const [sqs, checkpoints] = await Promise.all([findFreePort(), findFreePort()]);
  return { sqs, checkpoints, mayChange: false };
}

/**
 * Returns a port for the tables: that of the last start if it is free, since programs may have it in their settings.
 *
 * @param last - what the last start wrote
 */
export async function findTablesPort(last: { readonly dynamodb: string } | undefined): Promise<number> {
  const { hostname, port } = new URL(last?.dynamodb ?? 'http://none');
  if (!['127.0.0.1', 'localhost'].includes(hostname)) return findFreePort();
  return findFreePort(Number(port)).catch((error: unknown) => {
    if (error instanceof PortTaken) return findFreePort();
    throw error;
  });
}
