import type { CharacterTest } from './pattern-node.ts';

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
export function isOfClass(source: string): CharacterTest {
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

/** The older syntax allows more escapes. */
function toExpression(source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    return new RegExp(`^${source}$`);
  }
}
