import { open } from 'node:fs/promises';

/** Makes the names of a folder's files survive a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return;
  const directory = await open(folder, 'r');
  await directory.sync();
  await directory.close();
}
