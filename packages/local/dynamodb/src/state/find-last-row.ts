import type { Storage } from '@posthorn/local-storage';
import { ranges } from '../level/keys.ts';

/** Returns the last stored row that begins with a text, or an empty text. */
export async function findLastRow(storage: Storage, start: string): Promise<string> {
  for await (const [row = ''] of storage.keys({ ...ranges.startingWith(start), reverse: true, limit: 1 })) return row;
  return '';
}
