import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

const read = async (path: string): Promise<readonly string[]> =>
  (await readFile(join(path, 'format'), 'utf8')).split('\n').filter((line) => line !== '');

/**
 * Returns the folders of stores that were ready once, relative to the data folder. If one of them is missing, data is
 * missing. They are in the file `format`, after the line with the format.
 */
export async function readStores(path: string): Promise<readonly string[]> {
  const [, ...stores] = await read(path);
  return stores;
}

/** Notes that a store is ready, and has data from now on. */
export async function noteStore(path: string, store: string): Promise<void> {
  const lines = await read(path);
  if (!lines.slice(1).includes(store)) await replaceFile(join(path, 'format'), `${[...lines, store].join('\n')}\n`);
}
