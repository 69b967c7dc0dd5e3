import { readFile } from 'node:fs/promises';
import { type Finding, type Loss, type OwnSecret, openStorage, type Storage } from '@posthorn/local-storage';
import type { CloudOptions } from './cloud-options.ts';

type Log = (line: string) => void;

/**
 * Opens the storage of the tables and queues. Logs what a crash of the machine has cost, and damage that is found later.
 *
 * @throws FolderInUse, DataFolderDamaged, SecretDiffers, FolderNotOpened
 */
export async function openOwnStorage(
  { folder, durability, hadRows, secretFiles = {} }: CloudOptions,
  log: Log,
): Promise<Storage> {
  if (folder === undefined) return openStorage({ durability });
  const storage = await openStorage({
    folder,
    durability,
    hadRows: hadRows ?? false,
    secrets: await Promise.all(Object.entries(secretFiles).map(readSecret)),
    onDamage: (findings) => log(describeDamage(folder, findings)),
  });
  if (storage.loss) log(describeLoss(storage.loss));
  return storage;
}

async function readSecret([name, file]: readonly [name: string, file: string]): Promise<OwnSecret> {
  try {
    return { name, file, secret: await readFile(file) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { name, file, secret: undefined };
    throw error;
  }
}

function describeLoss({ missingChanges, unreadableBytes }: Loss): string {
  const missing =
    missingChanges > 0 ? `At least ${missingChanges} changes are missing.` : 'No change is known to be missing.';
  const kept =
    unreadableBytes > 0 ? ` ${unreadableBytes} bytes could not be read and are kept in the folder set-aside.` : '';
  return (
    `Warning: The machine crashed or lost power, and writes of the last seconds before it may be lost. ${missing}${kept} ` +
    'POSTHORN_DURABILITY=machine prevents this: each write is then synced to the disk'
  );
}

const describeDamage = (folder: string, findings: readonly Finding[]): string =>
  `Error: files in ${folder} are damaged: ${findings.map(({ file, problem }) => `${file} ${problem}`).join('; ')}. ` +
  'Data in them may be unreadable. Check the disk, stop Posthorn, and restore the last good backup into an empty folder';
