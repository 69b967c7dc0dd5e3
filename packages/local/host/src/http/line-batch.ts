/** Writes lines in few pieces. */
export interface LineBatch {
  /** Writes the line soon, together with others of the same moment. */
  add(line: string): void;
  /** Writes what is left, now. */
  flush(): void;
}

/** Each request writes a line, and a write costs more than the line: so all lines of a turn of the event loop are one. */
export function createLineBatch(write: (text: string) => void): LineBatch {
  let text = '';
  const flush = (): void => {
    if (text === '') return;
    const written = text;
    text = '';
    write(written);
  };
  return {
    add(line) {
      if (text === '') setImmediate(flush);
      text += `${line}\n`;
    },
    flush,
  };
}
