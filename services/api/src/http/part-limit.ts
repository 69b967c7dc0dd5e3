import { maxBodyDepth, maxBodyParts } from '@posthorn/contracts/api/body-limits';
import { invalidField } from './refusals.ts';

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

const tooManyParts = `must have at most ${maxBodyParts} members, elements and brackets`;
const tooDeep = `must have at most ${maxBodyDepth} objects and lists inside each other`;

/**
 * Refuses JSON with more members, elements and brackets than any request needs, before it is parsed: a megabyte of them
 * takes a tenth of a second to parse and to check, and every other caller would wait. Deep nesting is refused too,
 * because some checks recurse.
 *
 * @param text - any text; one that is not JSON may pass
 * @throws ValidationError
 */
export function requireFewParts(text: string, loc: readonly string[]): void {
  const problem = text.length > maxBodyDepth ? problemOf(text) : undefined;
  if (problem !== undefined) throw invalidField(loc, problem);
}

function problemOf(text: string): string | undefined {
  let [parts, depth, isInside] = [0, 0, false];
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === quote) isInside = !isInside;
    else if (isInside) {
      if (code === backslash) position += 1;
    } else if (code === comma) parts += 1;
    else if (code === openArray || code === openObject) {
      parts += 1;
      depth += 1;
      if (depth > maxBodyDepth) return tooDeep;
    } else if (code === closeArray || code === closeObject) depth -= 1;
    if (parts > maxBodyParts) return tooManyParts;
  }
  return undefined;
}
