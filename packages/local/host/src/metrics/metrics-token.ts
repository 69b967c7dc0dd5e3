import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ensureSecretFile } from '@posthorn/secrets/local-files';

const tokenBytes = 32;
const minCharacters = 16;

/**
 * Reads the token that a scraper must send. The first start creates the file, so that only this user can read it.
 *
 * @throws if the file has no token that is long enough: an empty file would let everybody in
 */
export async function readMetricsToken(file: string): Promise<string> {
  if (!existsSync(file)) await ensureSecretFile(file, tokenBytes);
  const token = (await readFile(file, 'utf8')).trim();
  if (token.length >= minCharacters) return token;
  throw new Error(
    `${file} has no token of at least ${minCharacters} characters. Write one into it, or delete the file and start ` +
      'again: then it is created',
  );
}
