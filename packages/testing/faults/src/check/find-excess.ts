import { type Event, ofKind } from '../history/event.ts';
import type { Violation } from './violation.ts';

const toleranceMs = 1_000;
/** The heap limit of the host is 1 GiB. A process that keeps some of the endless answers would be over this. */
const mostProcessBytes = 600 * 1024 * 1024;
/** Of an answer, 20,000 bytes are kept. What comes with them in one read from the connection is thrown away. */
const mostAnswerBytes = 2 * 1024 * 1024;

/** Finds invocations over their time limit, and processes and answers that took too much memory. */
export const findExcess = (history: readonly Event[]): readonly Violation[] => [
  ...ofKind(history, 'longest')
    .filter(({ ms, limitMs }) => ms > limitMs + toleranceMs)
    .map(({ function: key, ms, limitMs }) => ({
      promise: 'too-long' as const,
      what: `${key}: ${ms} ms, with a limit of ${limitMs} ms`,
    })),
  ...ofKind(history, 'memory')
    .filter(({ bytes }) => bytes > mostProcessBytes)
    .map(({ process: name, bytes }) => ({ promise: 'too-much-memory' as const, what: `${name}: ${bytes} bytes` })),
  // What was never read may be anything.
  ...ofKind(history, 'memory')
    .filter(({ bytes }) => bytes === 0)
    .map(({ process: name }) => ({
      promise: 'too-much-memory' as const,
      what: `${name}: its memory could not be read once`,
    })),
  ...ofKind(history, 'most-read')
    .filter(({ bytes }) => bytes > mostAnswerBytes)
    .map(({ path, bytes }) => ({
      promise: 'too-much-memory' as const,
      what: `${path}: read ${bytes} bytes of an answer`,
    })),
];
