import { maxBodyDepth, maxBodyParts } from '@posthorn/contracts/api/body-limits';

/**
 * Whether a value that was not parsed from JSON is too large, and in which way. What is in several places counts in each.
 * It ends even if the value contains itself.
 */
export function countParts(value: unknown): string | undefined {
  const found: { readonly inner: unknown; readonly depth: number }[] = [{ inner: value, depth: 1 }];
  for (const { inner, depth } of found) {
    if (typeof inner !== 'object' || inner === null) continue;
    if (depth > maxBodyDepth) return `must have at most ${maxBodyDepth} objects and lists inside each other`;
    for (const next of Object.values(inner)) {
      found.push({ inner: next, depth: depth + 1 });
      if (found.length > maxBodyParts) return `must have at most ${maxBodyParts} members and elements`;
    }
  }
  return undefined;
}
