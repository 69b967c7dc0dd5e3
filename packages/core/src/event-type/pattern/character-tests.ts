import type { CharacterTest, PatternNode } from './pattern-node.ts';

export const isWordCharacter: CharacterTest = (code) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);

export const isCharacter =
  (wanted: number): CharacterTest =>
  (code) =>
    code === wanted;

/** What `.` describes. */
export const isInLine: CharacterTest = (code) => code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029;

const asciiCount = 128;
/** What is known of an ASCII character. */
const [unknown, isOutside, isInside] = [0, 1, 2];

/**
 * What a class describes, such as `[a-z]`, `\s` or `\p{L}`. Node's own expression judges each character alone, which takes
 * the same time for every one. It is built when it is first asked: a class can take long to build.
 */
function isOfClass(source: string): CharacterTest {
  let expression: RegExp | undefined;
  const known = new Uint8Array(asciiCount);
  const test = (code: number): boolean => {
    expression ??= toExpression(source);
    return expression.test(String.fromCodePoint(code));
  };
  return (code) => {
    if (code >= asciiCount) return test(code);
    if (known[code] === unknown) known[code] = test(code) ? isInside : isOutside;
    return known[code] === isInside;
  };
}

const sizeOfClass = 30;
/** Node writes out the hundreds of ranges that a property such as `\p{L}` has, and needs half a millisecond for it. */
const sizeOfProperty = 200;

/** The node of a class. */
export function toClassNode(source: string): PatternNode {
  const properties = source.match(/\\p/gi)?.length ?? 0;
  const classSize = sizeOfClass + source.length + properties * sizeOfProperty;
  return { kind: 'character', test: isOfClass(source), classSize };
}

/** The older syntax allows more escapes. */
function toExpression(source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    return new RegExp(`^${source}$`);
  }
}
