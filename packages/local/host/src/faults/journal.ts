import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What the host did, and saw, while a fault plan was in force. Times are milliseconds of a clock that no test moves. */
export type JournalEntry =
  | { readonly kind: 'started'; readonly at: number; readonly pid: number }
  | { readonly kind: 'killed'; readonly at: number; readonly step: string }
  /** Two workers have the same job at the same time. */
  | { readonly kind: 'two-workers'; readonly at: number; readonly job: string }
  /** No invocation of the function has taken longer so far. */
  | {
      readonly kind: 'longest';
      readonly at: number;
      readonly function: string;
      readonly ms: number;
      readonly limitMs: number;
    }
  /** A call failed on purpose. */
  | {
      readonly kind: 'call-failed';
      readonly at: number;
      readonly of: 'tables' | 'queues';
      readonly fault: string;
      readonly operation: string;
    }
  /** A queue or stream brought a batch in a way that it may on AWS, and seldom does. */
  | { readonly kind: 'event-source'; readonly at: number; readonly fault: string }
  /** The clock of `Date` is now this many minutes from the real time. */
  | { readonly kind: 'clock-moved'; readonly at: number; readonly minutes: number };

/** An entry without its time. */
export type NewEntry = JournalEntry extends infer Entry
  ? Entry extends JournalEntry
    ? Omit<Entry, 'at'>
    : never
  : never;

export interface Journal {
  /** Writes the entry before it returns, so that it is there when the process dies afterwards. */
  add(entry: NewEntry): void;
}

export const openJournal = (path: string): Journal => ({
  add: (entry) => appendFileSync(path, `${JSON.stringify({ ...entry, at: unmovedNow() })}\n`),
});

/** Reads a journal. It may not exist yet. */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // A reader may see the beginning of the last line.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry);
}

/** Tests move the clock of `Date`. */
const unmovedNow = (): number => performance.timeOrigin + performance.now();
