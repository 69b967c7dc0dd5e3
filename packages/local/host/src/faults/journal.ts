import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A job of a queue that a worker got. Its text tells what it is about. */
export interface JournalJob {
  /** The queue's own id of the entry. */
  readonly id: string;
  /** A digest of its text: copies of a job have the same one. */
  readonly text: string;
  /** Only on the FIFO queue. */
  readonly group?: string;
  readonly endpointId?: string;
  /** Absent if it is not about one delivery. */
  readonly messageId?: string;
  readonly attemptNumber?: number;
}

/** What the host did, and saw, while a fault plan was in force. Times are milliseconds of a clock that no test moves. */
export type JournalEntry =
  | { readonly kind: 'started'; readonly at: number; readonly pid: number }
  | { readonly kind: 'killed'; readonly at: number; readonly step: string }
  /** A worker got jobs of a queue. `work` names the invocation, in all processes of a run. */
  | {
      readonly kind: 'work-began';
      readonly at: number;
      readonly work: string;
      readonly function: string;
      readonly jobs: readonly JournalJob[];
    }
  | { readonly kind: 'work-ended'; readonly at: number; readonly work: string }
  /** A job for a delivery was put on a queue. */
  | {
      readonly kind: 'enqueued';
      readonly at: number;
      readonly work: string;
      readonly queue: string;
      readonly endpointId: string;
      readonly messageId: string;
      readonly attemptNumber: number;
    }
  /** A request to an endpoint begins. */
  | {
      readonly kind: 'sent';
      readonly at: number;
      readonly work: string;
      readonly path: string;
      readonly messageId: string;
      /** `webhook-timestamp`. */
      readonly timestamp: number;
    }
  /** The record of an attempt was put. `exists`: there was one already. `failed`: the store refused it at each try. */
  | {
      readonly kind: 'record-put';
      readonly at: number;
      readonly work: string;
      readonly endpointId: string;
      readonly messageId: string;
      readonly attemptId: string;
      readonly attemptNumber: number;
      readonly outcome: 'recorded' | 'exists' | 'failed';
    }
  /** No invocation of the function has taken longer so far. */
  | {
      readonly kind: 'longest';
      readonly at: number;
      readonly function: string;
      readonly ms: number;
      readonly limitMs: number;
    }
  /** No answer of an endpoint was longer so far: bytes that were read from its connection. */
  | { readonly kind: 'most-read'; readonly at: number; readonly path: string; readonly bytes: number }
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

export function openJournal(path: string): Journal {
  const file = openSync(path, 'a');
  return { add: (entry) => void writeSync(file, `${JSON.stringify({ ...entry, at: unmovedNow() })}\n`) };
}

/** Reads a journal. It may not exist yet. */
export function readJournal(path: string): readonly JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // A reader may see the beginning of the last line.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry);
}

/** Tests move the clock of `Date`. */
const unmovedNow = (): number => performance.timeOrigin + performance.now();
