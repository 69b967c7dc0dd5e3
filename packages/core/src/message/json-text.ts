/**
 * Reads parts of a JSON text without building its values: every part is a slice of the text. Nothing here recurses, so
 * that no depth is too deep, and every function reads a character once.
 *
 * All functions expect a text that `JSON.parse` accepts.
 */

/** The position of the first character that is no white space. */
export function skipSpace(text: string, start: number): number {
  let position = start;
  while (' \t\n\r'.includes(text[position] ?? 'end')) position += 1;
  return position;
}

/** The position behind the value that begins at `start`. */
export function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first === '{' || first === '[') return endOfNested(text, start);
  let position = start;
  while (position < text.length && !' \t\n\r,}]'.includes(text[position] ?? '')) position += 1;
  return position;
}

/** The members of an object: name => slice of the value. If a name is given twice, the last value counts. */
export function readMembers(object: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let position = skipSpace(object, skipSpace(object, 0) + 1);
  while (object[position] === '"') {
    const nameEnd = endOfString(object, position);
    const name: unknown = JSON.parse(object.slice(position, nameEnd));
    const start = skipSpace(object, skipSpace(object, nameEnd) + 1);
    const end = endOfValue(object, start);
    members.set(String(name), object.slice(start, end));
    position = skipSpace(object, skipSpace(object, end) + 1);
  }
  return members;
}

/** The elements of an array, as slices. */
export function readElements(array: string): readonly string[] {
  const elements: string[] = [];
  let position = skipSpace(array, skipSpace(array, 0) + 1);
  while (position < array.length && array[position] !== ']') {
    const end = endOfValue(array, position);
    elements.push(array.slice(position, end));
    position = skipSpace(array, skipSpace(array, end) + 1);
  }
  return elements;
}

/** The tokens of a JSON text, without the white space between them: brackets, `,`, `:`, strings, numbers and words. */
export function* tokensOf(text: string): Generator<string> {
  let position = skipSpace(text, 0);
  while (position < text.length) {
    const start = position;
    position = '{}[],:'.includes(text[start] ?? '') ? start + 1 : endOfValue(text, start);
    yield text.slice(start, position);
    position = skipSpace(text, position);
  }
}

function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position + 1;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  let position = start;
  do {
    const character = text[position];
    if (character === '"') {
      position = endOfString(text, position);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    position += 1;
  } while (depth > 0);
  return position;
}
