import { isUtf8 } from 'node:buffer';
import { CliError } from '../exit/cli-error.ts';
import { readBody } from '../input/read-body.ts';
import type { Io } from '../terminal/io.ts';
import { findInvalidJson } from './find-invalid-json.ts';

/** Names where a payload is from, for errors. */
const sourceOf = (argument: string): string =>
  argument === '-' ? 'standard input' : argument.startsWith('@') ? argument.slice(1) : 'the payload';

/**
 * Reads a text that an argument gives: the text itself, `@FILE`, or `-` for stdin.
 *
 * @throws CliError `usage` if it cannot be read, or is not UTF-8
 */
export async function readText(argument: string, io: Io): Promise<string> {
  const bytes = Buffer.from(await readBody(argument, io));
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new CliError('usage', `${capital(sourceOf(argument))} is not UTF-8`, { code: 'payload_not_utf8' });
}

/**
 * Reads the payload of a message. It is checked before anything is sent, and not changed.
 *
 * @throws CliError `usage` if it is no JSON, with the place of the mistake; or if it is no object
 */
export async function readPayload(argument: string, io: Io): Promise<string> {
  const text = await readText(argument, io);
  const source = sourceOf(argument);
  const place = findInvalidJson(text);
  if (place) {
    const { line, column, rest } = place;
    const found = rest === '' ? 'it ends too early' : `unexpected ${JSON.stringify(rest)}`;
    throw new CliError('usage', `${capital(source)} is no JSON: line ${line}, column ${column}: ${found}`, {
      code: 'payload_not_json',
      remedy: rest.startsWith('\ufeff')
        ? 'Remove the byte order mark at its beginning'
        : 'Correct it, or send it as another text with --content-type, such as text/plain',
    });
  }
  if (text.trimStart().startsWith('{')) return text;
  throw new CliError('usage', `${capital(source)} is no JSON object`, {
    code: 'payload_not_object',
    remedy: 'To send another value as it is, add --content-type application/json',
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
