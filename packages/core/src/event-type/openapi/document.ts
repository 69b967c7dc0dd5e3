export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value that a reference names, such as `#/components/schemas/Pet`. Undefined if the document does not have it. */
export function findInDocument(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let found = document;
  for (const part of reference.slice(2).split('/')) {
    const name = nameOfPart(part);
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** References that lead on to references end after this many: they could lead in a circle. */
const maxSteps = 20;

/** The value itself, or what it refers to. Undefined if the document does not have that. */
export function follow(document: JsonObject, value: unknown): unknown {
  let found = value;
  for (let steps = 0; isJsonObject(found) && typeof found.$ref === 'string'; steps += 1) {
    if (steps === maxSteps) return undefined;
    found = findInDocument(document, found.$ref);
  }
  return found;
}

/** The name that one part of a JSON pointer in a URL means. */
export const nameOfPart = (part: string): string => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
