import { resolve } from 'node:path';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { readInput } from './read-input.ts';

/** The longest body that the API takes is 1 MiB. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads a body that an option gives: text as it is, `@FILE` for a file, `-` for stdin. The bytes are not changed.
 *
 * @throws CliError `usage` if the file cannot be read or is too long
 */
export async function readBody(option: string, { stdin, workingFolder }: Io): Promise<string | Uint8Array> {
  if (option === '-') return readInput(stdin, maxBytes);
  if (!option.startsWith('@')) return option;
  const { readFile, stat } = await import('node:fs/promises');
  const file = resolve(workingFolder, option.slice(1));
  try {
    if ((await stat(file)).size > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    return await readFile(file);
  } catch (error) {
    throw new CliError('usage', `Cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
