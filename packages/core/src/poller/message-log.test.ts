import fc from 'fast-check';
import { entriesBehind, isBehind, type LogEntry, positionBefore, startOfLog } from './message-log.ts';

const entry = (sequence: number): LogEntry => ({ sequence: String(sequence), messageId: `msg_${sequence}` });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => entry(from + n));

describe('positions of a log', () => {
  it('are compared as numbers, whatever their length', () => {
    expect(isBehind('100', '99')).toBe(true);
    expect(isBehind('99', '100')).toBe(false);
    expect(isBehind('100', '100')).toBe(false);
    expect(isBehind('1'.padEnd(40, '0'), '9'.repeat(39))).toBe(true);
  });

  it('lead to the entry that they are before', () => {
    expect(entriesBehind(positionBefore(entry(7)), range(1, 9))[0]).toEqual(entry(7));
  });
});

/** A batch that fan-out has worked on, and how many of its entries the stream then counted as done. */
interface Try {
  readonly length: number;
  readonly acknowledged: number;
  /** The function died before it wrote the log. */
  readonly isCut: boolean;
}

/** The rows of a log after fan-out has worked through entries 1 to `count`, with batches of these lengths and ends. */
function rowsAfter(count: number, tries: readonly Try[]): ReadonlyMap<number, readonly LogEntry[]> {
  const rows = new Map<number, readonly LogEntry[]>();
  let next = 1;
  for (const { length, acknowledged, isCut } of tries) {
    const last = Math.min(next + length - 1, count);
    if (isCut || next > count) continue;
    // If it dies after the write, the log has more than was counted as done. Otherwise it has just that.
    const done = Math.min(next + acknowledged - 1, last);
    const dies = acknowledged === 0;
    const end = dies ? last : done;
    if (end >= next) rows.set(end, range(next, end));
    if (!dies) next = done + 1;
  }
  while (next <= count) {
    const end = Math.min(next + 9, count);
    rows.set(end, range(next, end));
    next = end + 1;
  }
  return rows;
}

describe('a reader of the log', () => {
  const count = 40;
  const anyTry = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    acknowledged: fc.integer({ min: 0, max: 12 }),
    isCut: fc.boolean(),
  });

  it('gets each entry once and in order, however often batches were repeated, cut or divided', () => {
    fc.assert(
      fc.property(fc.array(anyTry, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (tries, limit) => {
        const rows = [...rowsAfter(count, tries)].toSorted(([one], [other]) => one - other);
        const read: LogEntry[] = [];
        let position = startOfLog;
        while (read.length < count) {
          const later = rows.filter(([last]) => last > Number(position)).flatMap(([, entries]) => entries);
          const page = entriesBehind(position, later).slice(0, limit);
          const last = page.at(-1);
          if (last === undefined) break;
          read.push(...page);
          position = last.sequence;
        }
        expect(read).toEqual(range(1, count));
      }),
    );
  });

  it('gets all of what is there at any time, and the rest later', () => {
    fc.assert(
      fc.property(fc.array(anyTry, { maxLength: 30 }), (tries) => {
        const read: LogEntry[] = [];
        let position = startOfLog;
        // It reads to the end after each try, so it always is at the newest row.
        for (let some = 0; some <= tries.length; some += 1) {
          const soFar = tries.slice(0, some);
          const rows = some < tries.length ? rowsDuring(count, soFar) : rowsAfter(count, soFar);
          const later = [...rows].toSorted(([one], [other]) => one - other).filter(([last]) => last > Number(position));
          const page = entriesBehind(position, later.flatMap(([, entries]) => entries));
          read.push(...page);
          position = page.at(-1)?.sequence ?? position;
        }
        expect(read).toEqual(range(1, count));
      }),
    );
  });
});

/** The rows when the last of the tries has just ended. */
function rowsDuring(count: number, tries: readonly Try[]): ReadonlyMap<number, readonly LogEntry[]> {
  const rows = new Map<number, readonly LogEntry[]>();
  let next = 1;
  for (const { length, acknowledged, isCut } of tries) {
    const last = Math.min(next + length - 1, count);
    if (isCut || next > count) continue;
    const dies = acknowledged === 0;
    const done = Math.min(next + acknowledged - 1, last);
    const end = dies ? last : done;
    if (end >= next) rows.set(end, range(next, end));
    if (!dies) next = done + 1;
  }
  return rows;
}
