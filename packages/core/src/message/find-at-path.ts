import { InvalidJson, scanElements, scanJson, scanMembers, scanValue } from './json-scan.ts';

/**
 * The text of the value at a path, found by scanning the text once. If a name is given twice, the last value counts. On an
 * array, a name is an index, or `length`.
 *
 * @param path - names of members, the outermost first; few enough for a call each
 * @returns `undefined` if there is no value at the path, or if the text is not JSON
 * @example findAtPath('{"a":[1, {"b":2}]}', ['a', '1', 'b']) // => '2'
 */
export function findAtPath(text: string, path: readonly string[]): string | undefined {
  let found: string | undefined;

  /** Scans a value, and takes it if the path ends here. Returns the position behind it. */
  const scan = (start: number, depth: number): number => {
    const name = path[depth];
    if (name === undefined) {
      const end = scanValue(text, start);
      found = text.slice(start, end);
      return end;
    }
    const first = text.charAt(start);
    if (first === '{') {
      return scanMembers(text, start, (nameStart, nameEnd, valueStart) => {
        if (!isNamed(name, text, nameStart, nameEnd)) return scanValue(text, valueStart);
        found = undefined;
        return scan(valueStart, depth + 1);
      });
    }
    if (first !== '[') return scanValue(text, start);
    let count = 0;
    const end = scanElements(text, start, (at) => {
      count += 1;
      return String(count - 1) === name ? scan(at, depth + 1) : scanValue(text, at);
    });
    if (name === 'length' && depth === path.length - 1) found = String(count);
    return end;
  };

  try {
    scanJson(text, (start) => scan(start, 0));
    return found;
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
  }
}

function isNamed(name: string, text: string, start: number, end: number): boolean {
  // Without escapes, a name is as long as it is written.
  if (end - start === name.length + 2) return text.startsWith(name, start + 1);
  if (end - start < name.length + 2 || end - start > 6 * name.length + 2) return false;
  const written = text.slice(start, end);
  return written.includes('\\') && JSON.parse(written) === name;
}
