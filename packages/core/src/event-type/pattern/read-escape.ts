import { isCharacter, isWordCharacter, toClassNode } from './character-tests.ts';
import { type PatternNode, UnmatchablePattern } from './pattern-node.ts';

interface ReadEscape {
  readonly node: PatternNode;
  /** How many code units it takes. */
  readonly length: number;
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** The forms of escapes that name one character by its number. */
const numbered = [
  // A pair of surrogates is one character.
  {
    form: /\\u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})/y,
    codeOf: (high: number, low: number) => (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000,
  },
  { form: /\\u([\da-fA-F]{4})/y, codeOf: (code: number) => code },
  { form: /\\u\{([\da-fA-F]+)\}/y, codeOf: (code: number) => code },
  { form: /\\x([\da-fA-F]{2})/y, codeOf: (code: number) => code },
] as const;
const property = /\\[pP]\{[^{}]*\}/y;
const control = /\\c([a-zA-Z])/y;

/** Reads the escape that begins at a place of a pattern. */
export function readEscape(pattern: string, at: number): ReadEscape {
  const character = pattern.slice(at + 1, at + 2);
  if (/[1-9k]/.test(character)) throw new UnmatchablePattern('refers back to what a group has matched');
  if (character === 'b') return { node: { kind: 'place', at: 'boundary' }, length: 2 };
  if (character === 'B') return { node: { kind: 'place', at: 'no-boundary' }, length: 2 };
  if (character === 'w') return toCharacter(isWordCharacter, 2);
  if (/[dDsSW]/.test(character)) return { node: toClassNode(`\\${character}`), length: 2 };
  const read = readProperty(pattern, at) ?? readNumbered(pattern, at);
  if (read) return read;
  if (/0\d/.test(pattern.slice(at + 1, at + 3)) || character === 'c')
    throw new UnmatchablePattern('has an escape that newer expressions do not have');
  if (character === '0') return toCharacter(isCharacter(0), 2);
  const code = pattern.codePointAt(at + 1) ?? 0;
  return toCharacter(isCharacter(controls[character] ?? code), 1 + String.fromCodePoint(code).length);
}

const toCharacter = (test: (code: number) => boolean, length: number): ReadEscape => ({
  node: { kind: 'character', test },
  length,
});

function find(form: RegExp, pattern: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(pattern);
}

/** In the older syntax, `\p` is the letter. */
function readProperty(pattern: string, at: number): ReadEscape | undefined {
  const found = find(property, pattern, at)?.[0];
  return found !== undefined && isReadable(found) ? { node: toClassNode(found), length: found.length } : undefined;
}

function isReadable(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

function readNumbered(pattern: string, at: number): ReadEscape | undefined {
  for (const { form, codeOf } of numbered) {
    const found = find(form, pattern, at);
    if (!found) continue;
    const [text, one = '', other = ''] = found;
    const code = codeOf(Number.parseInt(one, 16), Number.parseInt(other, 16));
    return code <= 0x10ffff ? toCharacter(isCharacter(code), text.length) : undefined;
  }
  const found = find(control, pattern, at);
  return found ? toCharacter(isCharacter((found[1] ?? '').charCodeAt(0) % 32), found[0].length) : undefined;
}
