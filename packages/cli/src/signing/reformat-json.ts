import { scanJson } from '@posthorn/core/message/json-scan';
import { visitTokens } from '@posthorn/core/message/json-tokens';

/** How JSON is laid out: without white space, with a space after `,` and `:`, or indented by this text. */
export type Layout = 'compact' | 'spaced' | { readonly indent: string };

/**
 * Lays out JSON anew. Names, texts and numbers stay as they are written.
 *
 * @param text - JSON
 * @param rewrite - changes each token, such as the escapes of a text
 * @throws InvalidJson if it is not JSON
 */
export function reformatJson(text: string, layout: Layout, rewrite = (token: string): string => token): string {
  scanJson(text);
  const written: string[] = [];
  let depth = 0;
  let previous = '';
  visitTokens(text, (start, end) => {
    const token = text.slice(start, end);
    if (isClosing(token)) depth -= 1;
    written.push(space(previous, token, layout, depth), rewrite(token));
    if (isOpening(token)) depth += 1;
    previous = token;
    return true;
  });
  return written.join('');
}

const isOpening = (token: string): boolean => token === '{' || token === '[';
const isClosing = (token: string): boolean => token === '}' || token === ']';

/** The white space between two tokens. */
function space(previous: string, token: string, layout: Layout, depth: number): string {
  if (layout === 'compact' || previous === '') return '';
  if (previous === ':') return ' ';
  if (layout === 'spaced') return previous === ',' ? ' ' : '';
  const isEmpty = isOpening(previous) && isClosing(token);
  const beginsLine = isOpening(previous) || previous === ',' || isClosing(token);
  return beginsLine && !isEmpty ? `\n${layout.indent.repeat(depth)}` : '';
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    scanJson(text);
    return true;
  } catch {
    return false;
  }
}
