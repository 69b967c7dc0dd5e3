import { createBacklog, linesOf, type Piece, textOf } from './backlog.ts';

/** Writes the lines of the access log. A reader that is slow, or gone, costs lines, and nothing else. */
export interface AccessOutput {
  /** Writes the line soon, together with others. It is dropped if too many lines wait for the reader. */
  add(line: string): void;
  /** Hands over everything that waits, for a process that ends now. What the reader does not take at once is lost. */
  flush(): void;
  /**
   * Waits until everything is written, but not longer than this.
   *
   * @returns how many lines were not written
   */
  end(longestMs: number): Promise<number>;
}

export interface AccessOutputOptions {
  /** Writes a text, and calls `done` when it is written or has failed. */
  readonly write: (text: string, done: (error?: Error | null) => void) => void;
  /** Calls its argument once, a moment later. All lines of this moment are one write. */
  readonly writeLater?: (write: () => void) => void;
  /** The most characters that wait for the reader. Default: 4,000,000. */
  readonly longestBacklog?: number;
}

/** The longest time that a line waits for others. A process that is killed loses the lines of this time. */
const longestWaitMs = 20;
const longestBacklogDefault = 4_000_000;

/**
 * Each request writes a line, and to write and read a piece costs many times what a line costs: so all lines of some
 * milliseconds are one piece. A pipe takes what its reader leaves room for, and Node keeps the rest in memory: so the
 * next piece is written when the one before was taken, and what waits has a limit. What does not fit, and what could not
 * be written, is counted. The next piece begins with a line that says how many are missing.
 */
export function createAccessOutput({
  write,
  writeLater = (next) => void setTimeout(next, longestWaitMs),
  longestBacklog = longestBacklogDefault,
}: AccessOutputOptions): AccessOutput {
  const backlog = createBacklog(longestBacklog);
  let written: Piece | undefined;
  let isPlanned = false;
  const idle = Promise.withResolvers<void>();
  let isEnding = false;

  const rest = (): void => {
    if (isEnding) idle.resolve();
  };
  const writeNext = (): void => {
    if (written) return;
    const piece = backlog.take();
    written = piece;
    if (!piece) {
      rest();
      return;
    }
    write(textOf(piece), (error) => {
      written = undefined;
      backlog.release(piece, !error);
      // After an error, the number of missing lines is written with the next line only.
      if (error && !backlog.hasLines()) rest();
      else writeNext();
    });
  };
  return {
    add(line) {
      backlog.add(line);
      if (isPlanned || written) return;
      isPlanned = true;
      writeLater(() => {
        isPlanned = false;
        writeNext();
      });
    },
    flush() {
      for (let piece = backlog.take(); piece; piece = backlog.take()) write(textOf(piece), () => undefined);
    },
    async end(longestMs) {
      isEnding = true;
      const timer = setTimeout(idle.resolve, longestMs);
      writeNext();
      await idle.promise;
      clearTimeout(timer);
      return backlog.count() + (written ? linesOf(written) : 0);
    },
  };
}
