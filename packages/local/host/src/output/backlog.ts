import { countDropped, toDroppedLine } from '@posthorn/contracts/api/request-facts';

/** Lines that are written by one write. */
export interface Piece {
  readonly text: string;
  readonly lines: number;
  /** How many lines are missing just before these. */
  readonly dropped: number;
}

/** Lines of the access log that wait for their reader, in pieces, and the number of those that were dropped. */
export interface Backlog {
  /** Adds a line, or counts it as dropped if there is no room. */
  add(line: string): void;
  /** Takes the first piece out. It still needs its room until it is released. */
  take(): Piece | undefined;
  /** Makes room, when a piece was written or could not be written: then its lines count as dropped. */
  release(piece: Piece, wasWritten: boolean): void;
  /** True if lines wait, and not only a number of dropped ones. */
  hasLines(): boolean;
  /** Returns how many lines wait or are missing, but for the pieces that were taken. */
  count(): number;
}

/** A slow reader makes room for new lines with each piece that it takes. */
const longestPiece = 64_000;

/** Returns what is written for a piece. It begins with a line about the missing ones. */
export const textOf = ({ text, dropped }: Piece): string =>
  (dropped > 0 ? `${toDroppedLine(dropped, new Date())}\n` : '') + text;

export const linesOf = ({ lines, dropped }: Piece): number => lines + dropped;

/** @param longest - the most characters that wait, those of taken pieces included */
export function createBacklog(longest: number): Backlog {
  const pieces: { -readonly [Key in keyof Piece]: Piece[Key] }[] = [];
  let size = 0;
  /** No line is added until there is more room: those that are dropped are dropped together. */
  let isFull = false;
  const append = (dropped = 0) => {
    const piece = { text: '', lines: 0, dropped };
    pieces.push(piece);
    return piece;
  };
  const drop = (count: number): void => {
    const last = pieces.at(-1);
    if (last?.text === '') last.dropped += count;
    else append(count);
  };
  return {
    add(line) {
      // A line that says how many are missing counts for these.
      const lines = countDropped(line) || 1;
      isFull ||= size > 0 && size + line.length >= longest;
      if (isFull) return drop(lines);
      const last = pieces.at(-1);
      const piece = last && last.text.length < longestPiece ? last : append();
      piece.text += `${line}\n`;
      piece.lines += lines;
      size += line.length + 1;
    },
    take: () => pieces.shift(),
    release(piece, wasWritten) {
      size -= piece.text.length;
      isFull = false;
      if (wasWritten) return;
      const [next] = pieces;
      if (next) next.dropped += linesOf(piece);
      else append(linesOf(piece));
    },
    hasLines: () => pieces.some(({ text }) => text !== ''),
    count: () => pieces.reduce((sum, piece) => sum + linesOf(piece), 0),
  };
}
