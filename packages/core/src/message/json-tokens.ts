const [quote, backslash] = [0x22, 0x5c];
const spaces: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);
const marks: ReadonlySet<number> = new Set([...'{}[],:'].map((mark) => mark.charCodeAt(0)));

/**
 * Calls `visit` for each token of a JSON text, without the white space between them: brackets, `,`, `:`, strings, numbers
 * and words. It ends early when `visit` returns false. Nothing here recurses, and every character is read once.
 *
 * @param text - a text that `JSON.parse` accepts
 */
export function visitTokens(text: string, visit: (start: number, end: number) => boolean): void {
  let position = 0;
  while (position < text.length) {
    const start = position;
    const code = text.charCodeAt(start);
    if (spaces.has(code)) {
      position += 1;
      continue;
    }
    position = marks.has(code) ? start + 1 : endOfToken(text, start, code);
    if (!visit(start, position)) return;
  }
}

function endOfToken(text: string, start: number, first: number): number {
  let position = start + 1;
  if (first === quote) {
    for (let code = text.charCodeAt(position); code !== quote; code = text.charCodeAt(position))
      position += code === backslash ? 2 : 1;
    return position + 1;
  }
  while (position < text.length && !isEnd(text.charCodeAt(position))) position += 1;
  return position;
}

const isEnd = (code: number): boolean => spaces.has(code) || marks.has(code);
