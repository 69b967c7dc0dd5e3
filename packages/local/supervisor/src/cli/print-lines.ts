/**
 * Prints lines. All lines of a moment are printed by one write: each request writes one, and a write costs more than a
 * line.
 */
export function createLinePrinter(write: (text: string) => void): (line: string) => void {
  let text = '';
  const flush = (): void => {
    const written = text;
    text = '';
    write(written);
  };
  return (line) => {
    if (text === '') queueMicrotask(flush);
    text += `${line}\n`;
  };
}
