import { maxBodyParts } from '@posthorn/contracts/api/body-limits';
import { invalidField } from './refusals.ts';

const [quote, backslash, comma, openArray, openObject] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/**
 * Refuses JSON with more members, elements and brackets than any request needs, before it is parsed: a megabyte of them
 * takes a tenth of a second to parse and to check, and every other caller would wait.
 *
 * @param text - any text; one that is not JSON may pass
 * @throws ValidationError
 */
export function requireFewParts(text: string, loc: readonly string[]): void {
  if (text.length > maxBodyParts && hasMoreParts(text))
    throw invalidField(loc, `must have at most ${maxBodyParts} members, elements and brackets`);
}

function hasMoreParts(text: string): boolean {
  let parts = 0;
  let isInside = false;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === quote) isInside = !isInside;
    else if (isInside) {
      if (code === backslash) position += 1;
    } else if (code === comma || code === openArray || code === openObject) {
      parts += 1;
      if (parts > maxBodyParts) return true;
    }
  }
  return false;
}
