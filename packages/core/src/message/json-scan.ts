/**
 * Checks JSON without building its values: a text with a hundred thousand members costs no more than any other text of its
 * length. Nothing here recurses, and every character is read once.
 */

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [zero, nine, minus, plus, point, exponent] = [0x30, 0x39, 0x2d, 0x2b, 0x2e, 0x65];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];

/** A text that `JSON.parse` refuses. */
export class InvalidJson extends SyntaxError {
  /** Where the text stops being JSON: an index, or its length if it ends too early. */
  readonly position: number;

  constructor(position: number) {
    super(`not JSON at position ${position}`);
    this.name = 'InvalidJson';
    this.position = position;
  }
}

/**
 * The position behind the value that begins at `start`.
 *
 * @throws InvalidJson where `JSON.parse` would refuse the value
 */
export function scanValue(text: string, start: number): number {
  /** The brackets that are open around the innermost one: whether each is an object's. */
  const around: boolean[] = [];
  let depth = 0;
  let inObject = false;
  let position = start;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === openObject || code === openArray) {
      const isObject = code === openObject;
      position = scanSpace(text, position + 1);
      if (text.charCodeAt(position) !== (isObject ? closeObject : closeArray)) {
        around[depth] = inObject;
        depth += 1;
        inObject = isObject;
        if (isObject) position = scanName(text, position);
        continue;
      }
      position += 1;
    } else position = scanScalar(text, position, code);
    // Behind a value: the ends of what it is in, and then the next value.
    while (depth > 0) {
      position = scanSpace(text, position);
      const next = text.charCodeAt(position);
      if (next === comma) {
        position = scanSpace(text, position + 1);
        if (inObject) position = scanName(text, position);
        break;
      }
      if (next !== (inObject ? closeObject : closeArray)) throw new InvalidJson(position);
      position += 1;
      depth -= 1;
      inObject = around[depth] === true;
    }
    if (depth === 0) return position;
  }
}

/** Scans a value that begins at a position, and returns the position behind it. */
export type ScanAt = (start: number) => number;

/**
 * Checks a whole text. `scan` is called once, where its value begins.
 *
 * @throws InvalidJson where `JSON.parse` would refuse the text
 */
export function scanJson(text: string, scan: ScanAt = (start) => scanValue(text, start)): void {
  const position = scanSpace(text, scan(scanSpace(text, 0)));
  if (position < text.length) throw new InvalidJson(position);
}

/** Whether a text is a JSON object. */
export function isJsonObject(text: string): boolean {
  try {
    scanJson(text);
    return text.charCodeAt(scanSpace(text, 0)) === openObject;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}

/**
 * Calls `onMember` for each member of the object that begins at `start`, in order, as often as a name is given. It gets
 * the positions of the name, with its quotation marks, and of the value. It scans the value.
 *
 * @returns the position behind the object
 */
export function scanMembers(
  text: string,
  start: number,
  onMember: (nameStart: number, nameEnd: number, valueStart: number) => number,
): number {
  let position = scanSpace(text, start + 1);
  if (text.charCodeAt(position) === closeObject) return position + 1;
  for (;;) {
    const nameEnd = scanString(text, position);
    position = scanSpace(text, onMember(position, nameEnd, scanColon(text, nameEnd)));
    const next = text.charCodeAt(position);
    if (next === closeObject) return position + 1;
    if (next !== comma) throw new InvalidJson(position);
    position = scanSpace(text, position + 1);
  }
}

/** Calls `onElement` for each element of the array that begins at `start`. Returns the position behind the array. */
export function scanElements(text: string, start: number, onElement: ScanAt): number {
  let position = scanSpace(text, start + 1);
  if (text.charCodeAt(position) === closeArray) return position + 1;
  for (;;) {
    position = scanSpace(text, onElement(position));
    const next = text.charCodeAt(position);
    if (next === closeArray) return position + 1;
    if (next !== comma) throw new InvalidJson(position);
    position = scanSpace(text, position + 1);
  }
}

/** The position of the first character that is no white space. */
function scanSpace(text: string, start: number): number {
  let position = start;
  while (isSpace(text.charCodeAt(position))) position += 1;
  return position;
}

const isSpace = (code: number): boolean =>
  code <= space && (code === space || code === lineFeed || code === carriageReturn || code === tab);

const scanName = (text: string, start: number): number => scanColon(text, scanString(text, start));

function scanColon(text: string, start: number): number {
  const position = scanSpace(text, start);
  if (text.charCodeAt(position) !== colon) throw new InvalidJson(position);
  return scanSpace(text, position + 1);
}

function scanScalar(text: string, start: number, first: number): number {
  if (first === quote) return scanString(text, start);
  if (first === minus || isDigit(first)) return scanNumber(text, start);
  for (const word of words) if (text.startsWith(word, start)) return start + word.length;
  throw new InvalidJson(start);
}

const words = ['true', 'false', 'null'] as const;

function scanString(text: string, start: number): number {
  if (text.charCodeAt(start) !== quote) throw new InvalidJson(start);
  let position = start + 1;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === backslash) position = scanEscape(text, position);
    // A control character, or the end of the text, which has no code.
    else if (code >= space) position += 1;
    else throw new InvalidJson(position);
  }
}

const escapes = '"\\/bfnrt';

function scanEscape(text: string, start: number): number {
  const escaped = text.charAt(start + 1);
  if (escaped !== '' && escapes.includes(escaped)) return start + 2;
  if (escaped === 'u' && [2, 3, 4, 5].every((at) => isHexDigit(text.charCodeAt(start + at)))) return start + 6;
  throw new InvalidJson(start);
}

const isDigit = (code: number): boolean => code >= zero && code <= nine;

/** With the sixth bit set, capital letters are small ones. */
const isHexDigit = (code: number): boolean => isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);

function scanNumber(text: string, start: number): number {
  let position = text.charCodeAt(start) === minus ? start + 1 : start;
  position = text.charCodeAt(position) === zero ? position + 1 : scanDigits(text, position);
  if (text.charCodeAt(position) === point) position = scanDigits(text, position + 1);
  if ((text.charCodeAt(position) | 0x20) !== exponent) return position;
  const sign = text.charCodeAt(position + 1);
  return scanDigits(text, position + (sign === plus || sign === minus ? 2 : 1));
}

/** At least one digit. */
function scanDigits(text: string, start: number): number {
  let position = start;
  while (isDigit(text.charCodeAt(position))) position += 1;
  if (position === start) throw new InvalidJson(start);
  return position;
}
