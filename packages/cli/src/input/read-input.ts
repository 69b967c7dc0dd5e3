import type { Readable } from 'node:stream';
import { CliError } from '../exit/cli-error.ts';

/** Reads standard input to its end. @throws CliError `usage` if it is longer than `maxBytes` */
export async function readInput(stdin: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > maxBytes) throw new CliError('usage', `Standard input is longer than ${maxBytes} bytes`);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
