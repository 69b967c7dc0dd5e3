/** Writes lines in few pieces. */
export interface LineBatch {
  /** Writes the line soon, together with others. */
  add(line: string): void;
  /** Writes what is left, now. */
  flush(): void;
}

/** The longest time that a line waits for others. A process that is killed loses the lines of this time. */
const longestWaitMs = 20;

/**
 * Each request writes a line, and to write and read a piece costs many times what a line costs: so all lines of some
 * milliseconds are one piece.
 *
 * @param flushLater - calls its argument once, a moment later
 */
export function createLineBatch(
  write: (text: string) => void,
  flushLater: (flush: () => void) => void = (flush) => void setTimeout(flush, longestWaitMs),
): LineBatch {
  let text = '';
  const flush = (): void => {
    if (text === '') return;
    const written = text;
    text = '';
    write(written);
  };
  return {
    add(line) {
      if (text === '') flushLater(flush);
      text += `${line}\n`;
    },
    flush,
  };
}
