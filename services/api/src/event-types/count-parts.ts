import { maxBodyDepth, maxBodyParts } from '@posthorn/contracts/api/body-limits';

/** As much as a request body in JSON can have. */
const maxCharacters = 1_048_576;

/**
 * Whether a value that was not parsed from JSON is too large, and in which way. What is in several places counts in each: its
 * parts, and the characters of its texts and names. So what passes can be written as JSON. It ends even if the value
 * contains itself.
 */
export function countParts(value: unknown): string | undefined {
  const found: { readonly inner: unknown; readonly depth: number }[] = [{ inner: value, depth: 1 }];
  let characters = 0;
  for (const { inner, depth } of found) {
    characters += lengthOf(inner);
    if (characters > maxCharacters) return `must have at most ${maxCharacters} characters with its aliases written out`;
    if (typeof inner !== 'object' || inner === null) continue;
    if (depth > maxBodyDepth) return `must have at most ${maxBodyDepth} objects and lists inside each other`;
    for (const next of Object.values(inner)) {
      found.push({ inner: next, depth: depth + 1 });
      if (found.length > maxBodyParts) return `must have at most ${maxBodyParts} members and elements`;
    }
  }
  return undefined;
}

/** The characters that a value has itself: those of a text, or of the names of an object. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 0;
  return Object.keys(value).reduce((sum, name) => sum + name.length, 0);
}
