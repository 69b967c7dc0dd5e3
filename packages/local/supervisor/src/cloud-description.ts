import { isDiskFull } from '@posthorn/local-storage';
import type { DataFolder } from './data-folder.ts';
import { type LocalCloud, writeLocalCloud } from './local-cloud-file.ts';

const tryAgainMs = 1_000;

/** Keeps `local-cloud.json` up to date. On a full disk it is written when there is space again. */
export interface CloudDescription {
  update(): Promise<void>;
  /** Removes all process ids, so that the next start does not wait for them. */
  close(): Promise<void>;
}

/** @param current - nothing if the system is not listening yet */
export function describeCloud(
  folder: Pick<DataFolder, 'cloudFile'>,
  current: () => LocalCloud | undefined,
  retryMs: number = tryAgainMs,
): CloudDescription {
  let written = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  // The writes run one after the other, so that the last one wins.
  const write = (cloud: LocalCloud | undefined): Promise<void> => {
    written = written.then(async () => {
      if (!cloud) return;
      try {
        await writeLocalCloud(folder, cloud);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        if (!isClosed) timer ??= setTimeout(tryAgain, retryMs).unref();
      }
    });
    return written;
  };
  const tryAgain = () => {
    timer = undefined;
    // `write` rejects for other problems, and these are permanent: the next update reports them.
    write(current()).catch(() => undefined);
  };
  return {
    update: () => write(current()),
    close() {
      isClosed = true;
      clearTimeout(timer);
      const cloud = current();
      return write(cloud && { ...cloud, processes: {} });
    },
  };
}
