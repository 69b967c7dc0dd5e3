import fc from 'fast-check';
import { createId, idEntropyBytes } from '../identifier/identifier.ts';
import { entriesBehind, isBehind, isSince, type LogEntry, positionBefore, startOfLog } from './message-log.ts';

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

it('a message counts as accepted since a time in doubt, because its id carries the time to 4 ms', () => {
  const accepted = new Date('2026-01-01T00:00:00.007Z');
  const messageId = createId('message', accepted, new Uint8Array(idEntropyBytes));
  const isFrom = (ms: number) => isSince({ sequence: '1', messageId }, new Date(accepted.getTime() + ms));
  expect([-1_000, -1, 0, 1, 1_000].map(isFrom)).toEqual([true, true, true, false, false]);
});

/** A batch that fan-out has worked on, and how many of its entries the stream then counted as done. */
interface Try {
  /** Where it begins: the stream has forgotten so many of the places up to which it counted entries as done. */
  readonly back: number;
  readonly length: number;
  readonly acknowledged: number;
  /** The function died before it wrote the log. */
  readonly isCut: boolean;
  /** The function was thought dead. It writes the log when so many other tries have ended. */
  readonly delay: number;
}

interface Log {
  /** By the number of the last entry. */
  readonly rows: ReadonlyMap<number, readonly LogEntry[]>;
  /** The first entry that the stream does not count as done. */
  readonly next: number;
}

/** The log of entries 1 to `count` when the last of these tries has just ended. */
function logAfter(count: number, tries: readonly Try[]): Log {
  const rows = new Map<number, readonly LogEntry[]>();
  const late: { readonly after: number; readonly from: number; readonly end: number }[] = [];
  const places = [1];
  for (const [n, { back, length, acknowledged, isCut, delay }] of tries.entries()) {
    for (const { from, end } of late.filter(({ after }) => after === n)) rows.set(end, range(from, end));
    const next = places.at(-1 - Math.min(back, places.length - 1)) ?? 1;
    if (isCut || next > count) continue;
    const last = Math.min(next + length - 1, count);
    // If it dies after the write, the log has more than is counted as done. Otherwise it has just that.
    const dies = acknowledged === 0;
    const end = dies ? last : Math.min(next + acknowledged - 1, last);
    if (delay > 0) {
      late.push({ after: n + delay, from: next, end });
      continue;
    }
    rows.set(end, range(next, end));
    if (!dies) places.push(end + 1);
  }
  return { rows, next: places.at(-1) ?? 1 };
}

/** The same, when everything is done. */
function wholeLog(count: number, tries: readonly Try[]): Log['rows'] {
  const { rows, next } = logAfter(count, tries);
  return next > count ? rows : new Map([...rows, [count, range(next, count)]]);
}

/** What a reader finds behind a position. */
function readBehind(rows: Log['rows'], position: string): readonly LogEntry[] {
  const later = [...rows].filter(([last]) => last > Number(position)).toSorted(([one], [other]) => one - other);
  return entriesBehind(
    position,
    later.flatMap(([, entries]) => entries),
  );
}

describe('a reader of the log', () => {
  const count = 40;
  const anyTry = fc.record({
    back: fc.constantFrom(0, 0, 0, 1, 2, 5),
    delay: fc.constantFrom(0, 0, 0, 1, 2, 5),
    length: fc.integer({ min: 1, max: 12 }),
    acknowledged: fc.integer({ min: 0, max: 12 }),
    isCut: fc.boolean(),
  });

  it('gets each entry once and in order, however often batches were repeated, cut or divided', () => {
    fc.assert(
      fc.property(fc.array(anyTry, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (tries, limit) => {
        const rows = wholeLog(count, tries);
        const read: LogEntry[] = [];
        for (let page = readBehind(rows, startOfLog).slice(0, limit); page.length > 0; ) {
          read.push(...page);
          page = readBehind(rows, read.at(-1)?.sequence ?? startOfLog).slice(0, limit);
        }
        expect(read).toEqual(range(1, count));
      }),
    );
  });

  it('passes over nothing if it is at the newest row all the time', () => {
    fc.assert(
      fc.property(fc.array(anyTry, { maxLength: 30 }), (tries) => {
        const read: LogEntry[] = [];
        const readOn = (rows: Log['rows']) => read.push(...readBehind(rows, read.at(-1)?.sequence ?? startOfLog));
        for (let some = 1; some <= tries.length; some += 1) readOn(logAfter(count, tries.slice(0, some)).rows);
        readOn(wholeLog(count, tries));
        expect(read).toEqual(range(1, count));
      }),
    );
  });
});
