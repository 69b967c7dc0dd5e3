import { statfs } from 'node:fs/promises';
import { StorageFull } from '../errors.ts';

const mb = 2 ** 20;
const defaultFloor = { share: 1 / 20, min: 32 * mb, max: 256 * mb };
/** Free space above the floor, as a share of it, with which writes begin again. */
const margin = 1.1;
const checkIntervalMs = 1_000;
const whileFullMs = 500;

/** Watches the free space of a disk, at intervals that depend on how much is written. */
export interface DiskSpace {
  /** The error for new data, if the disk has too little free space. */
  full(): StorageFull | undefined;
  /** Counts bytes that are about to be written, and looks at the disk if it is time. */
  count(bytes: number): void;
  /** Looks at the disk now. */
  check(): Promise<void>;
  close(): void;
}

/** The space of a store in memory. */
export const unlimitedSpace: DiskSpace = {
  full: () => undefined,
  count: () => undefined,
  check: () => Promise.resolve(),
  close: () => undefined,
};

export async function watchDiskSpace(folder: string, minFreeBytes?: number): Promise<DiskSpace> {
  let full: StorageFull | undefined;
  /** Bytes that may be written before the next look. */
  let allowance = 0;
  let lookedAt = 0;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async (): Promise<void> => {
    const { bavail, blocks, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const floor = minFreeBytes ?? defaultMinFreeBytes(blocks * bsize);
    if (freeBytes < (full ? floor * margin : floor)) full = new StorageFull({ folder, freeBytes, minFreeBytes: floor });
    else full = undefined;
    // LevelDB writes each change more than once.
    allowance = Math.max((freeBytes - floor) / 16, mb);
  };
  const check = (): Promise<void> => {
    looking ??= look()
      // Without descriptors, the free space is unknown: a write that fails is handled by itself.
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
        lookedAt = performance.now();
        clearTimeout(timer);
        if (full && !closed) timer = setTimeout(check, whileFullMs).unref();
      });
    return looking;
  };
  await check();
  return {
    full: () => {
      if (!looking && performance.now() - lookedAt > checkIntervalMs) void check();
      return full;
    },
    count: (bytes) => {
      allowance -= bytes;
      if (allowance < 0 && !looking) void check();
    },
    check,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

const defaultMinFreeBytes = (totalBytes: number): number =>
  Math.min(Math.max(totalBytes * defaultFloor.share, defaultFloor.min), defaultFloor.max);
