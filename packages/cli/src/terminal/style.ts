import type { Io } from './io.ts';

/** Marks parts of a text for people. Without colours, each function returns the text as it is. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
}

type Output = 'stdout' | 'stderr';

/** Whether colours are wanted: `NO_COLOR` before `FORCE_COLOR` before what the stream is. */
export function hasColors({ env, isTerminal }: Pick<Io, 'env' | 'isTerminal'>, output: Output): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal[output] && env.TERM !== 'dumb';
}

/** A part of a line that has a mark. The other parts are texts without one. */
export interface MarkedText {
  readonly mark: keyof Style;
  readonly text: string;
}

const escapeStart = '\u001b[';

/** Returns the marks for a stream. The text must be plain already: see `toPlainText`. */
export function createStyle(io: Pick<Io, 'env' | 'isTerminal'>, output: Output): Style {
  const isColored = hasColors(io, output);
  const mark = (begin: number, end: number) => (text: string) =>
    isColored ? `${escapeStart}${begin}m${text}${escapeStart}${end}m` : text;
  return { strong: mark(1, 22), faint: mark(2, 22), good: mark(32, 39), warning: mark(33, 39), bad: mark(31, 39) };
}
