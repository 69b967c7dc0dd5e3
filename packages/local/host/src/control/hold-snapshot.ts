import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Storage } from '@posthorn/local-storage';

/** What is answered to `POST /snapshot`, as one line of JSON. */
export interface HeldSnapshot {
  /** The store that it is a snapshot of. */
  readonly store: string;
  readonly folder: string;
  /** How long commits waited, in milliseconds. */
  readonly pauseMs: number;
}

/**
 * Takes a snapshot for another program, and deletes it when the connection closes. So nothing is left of it if that
 * program is killed.
 *
 * @param store - the folder of the storage; nothing if it is in memory
 */
export const holdSnapshot =
  (storage: Pick<Storage, 'snapshot'>, store: string | undefined) =>
  async (response: ServerResponse): Promise<void> => {
    if (store === undefined)
      throw new Error('Everything is in memory (POSTHORN_DYNAMODB=local): there is no data folder');
    const { folder, pauseMs, remove } = await storage.snapshot();
    try {
      const held: HeldSnapshot = { store, folder, pauseMs };
      response.writeHead(200, { 'content-type': 'application/json' }).write(`${JSON.stringify(held)}\n`);
      if (!response.closed) await once(response, 'close');
    } finally {
      await remove();
    }
  };
