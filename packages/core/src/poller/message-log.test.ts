import fc from 'fast-check';
import { createId, idEntropyBytes } from '../identifier/identifier.ts';
import {
  entriesBehind,
  isBehind,
  isSince,
  type LogEntry,
  mayBeRepeated,
  placeBehind,
  positionBefore,
  startOfLog,
} from './message-log.ts';

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

describe('places in the log', () => {
  it('are the sequence numbers of what is behind the end', () => {
    expect(placeBehind('5', range(6, 9))).toEqual(range(6, 9));
    expect(mayBeRepeated('5', range(6, 9))).toBe(false);
  });

  it('are right behind the end, for what has smaller sequence numbers', () => {
    const places = placeBehind('8', [entry(3), entry(4), entry(20), entry(7)]).map(({ sequence }) => sequence);
    expect(places).toEqual(['9', '10', '20', '21']);
    expect(mayBeRepeated('8', [entry(8)])).toBe(true);
  });
});

/**
 * A batch of a lane of the stream that fan-out has worked on, and how many of its entries the stream then counted as done.
 * There are two lanes: a shard can be divided by its sort keys, and their numbers do not follow each other.
 */
interface Try {
  readonly lane: 0 | 1;
  /** Where it begins: the stream has forgotten so many of the places up to which it counted entries as done. */
  readonly back: number;
  readonly length: number;
  readonly acknowledged: number;
  /** The function died before it wrote the log. */
  readonly isCut: boolean;
  /** The function was thought dead. It writes the log when so many other tries have ended. */
  readonly delay: number;
}

type Rows = readonly (readonly LogEntry[])[];

/** The entries of a lane, with even or odd numbers. The second lane has few numbers, and much smaller ones. */
const laneEntries = (lane: 0 | 1, from: number, to: number): readonly LogEntry[] =>
  range(from, to).map(({ messageId }, n) => ({
    sequence: String(lane === 0 ? 1_000 + (from + n) * 10 : from + n),
    messageId: `${messageId}-${lane}`,
  }));

/** Appends a batch as a log does it, when it is the only one that writes: what changes the end meanwhile is refused. */
function append(rows: Rows, entries: readonly LogEntry[], remembered: number): Rows {
  const end = rows.at(-1)?.at(-1)?.sequence ?? startOfLog;
  const recent = new Set(
    rows.slice(Math.max(rows.length - remembered, 0)).flatMap((row) => row.map(({ messageId }) => messageId)),
  );
  const isNew = ({ messageId }: LogEntry) => !mayBeRepeated(end, entries) || !recent.has(messageId);
  const placed = placeBehind(end, entries.filter(isNew));
  return placed.length === 0 ? rows : [...rows, placed];
}

/** All states of the log, one after the other, until all entries of both lanes are counted as done. */
function statesOfLog(count: number, tries: readonly Try[], remembered: number): readonly Rows[] {
  const states: Rows[] = [[]];
  const write = (entries: readonly LogEntry[]) => states.push(append(states.at(-1) ?? [], entries, remembered));
  const late: { readonly after: number; readonly entries: readonly LogEntry[] }[] = [];
  const places: readonly [number[], number[]] = [[1], [1]];
  for (const [n, { lane, back, length, acknowledged, isCut, delay }] of tries.entries()) {
    for (const { entries } of late.filter(({ after }) => after === n)) write(entries);
    const next = places[lane].at(-1 - Math.min(back, places[lane].length - 1)) ?? 1;
    if (isCut || next > count) continue;
    const last = Math.min(next + length - 1, count);
    // If it dies after the write, the log has more than is counted as done. Otherwise it has just that.
    const dies = acknowledged === 0;
    const end = dies ? last : Math.min(next + acknowledged - 1, last);
    if (delay > 0) {
      late.push({ after: n + delay, entries: laneEntries(lane, next, end) });
      continue;
    }
    write(laneEntries(lane, next, end));
    if (!dies) places[lane].push(end + 1);
  }
  for (const lane of [0, 1] as const) {
    const next = places[lane].at(-1) ?? 1;
    if (next <= count) write(laneEntries(lane, next, count));
  }
  return states;
}

describe('a reader of the log', () => {
  const count = 40;
  const anyTry = fc.record({
    lane: fc.constantFrom(0, 1),
    back: fc.constantFrom(0, 0, 0, 1, 2, 5),
    delay: fc.constantFrom(0, 0, 0, 1, 2, 5),
    length: fc.integer({ min: 1, max: 12 }),
    acknowledged: fc.integer({ min: 0, max: 12 }),
    isCut: fc.boolean(),
  });
  const anyTries = fc.array(anyTry, { maxLength: 60 });
  const readBehind = (rows: Rows, position: string) => entriesBehind(position, rows.flat());
  const idsOf = (entries: readonly LogEntry[]) => entries.map(({ messageId }) => messageId);
  const expected = (lane: 0 | 1) => idsOf(laneEntries(lane, 1, count));

  it.each([0, 1, 8])(
    'passes over nothing, wherever it is, however batches of lanes are repeated, cut or late: %d rows are looked through',
    (remembered) => {
      fc.assert(
        fc.property(anyTries, fc.infiniteStream(fc.integer({ min: 0, max: 7 })), (tries, limits) => {
          const states = statesOfLog(count, tries, remembered);
          const [atEnd, slow]: [LogEntry[], LogEntry[]] = [[], []];
          for (const rows of states) {
            atEnd.push(...readBehind(rows, atEnd.at(-1)?.sequence ?? startOfLog));
            slow.push(...readBehind(rows, slow.at(-1)?.sequence ?? startOfLog).slice(0, limits.next().value));
          }
          const all = states.at(-1)?.flat() ?? [];
          slow.push(...readBehind(states.at(-1) ?? [], slow.at(-1)?.sequence ?? startOfLog));
          expect(atEnd).toEqual(all);
          expect(slow).toEqual(all);
          // Each lane is there as a whole and in its order. What was repeated comes again.
          const first = [...new Set(idsOf(all))];
          for (const lane of [0, 1] as const)
            expect(first.filter((id) => id.endsWith(`-${lane}`))).toEqual(expected(lane));
        }),
      );
    },
  );

  it('gets each entry once if batches are repeated while they are in the last rows', () => {
    const anyRepeat = fc.record({
      lane: fc.constantFrom(0 as const, 1 as const),
      length: fc.integer({ min: 1, max: 12 }),
      acknowledged: fc.integer({ min: 0, max: 12 }),
      isCut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyRepeat, { maxLength: 60 }), (repeats) => {
        const tries = repeats.map((repeat) => ({ ...repeat, back: 0, delay: 0 }));
        const ids = idsOf(statesOfLog(count, tries, Number.POSITIVE_INFINITY).at(-1)?.flat() ?? []);
        expect(ids.toSorted()).toEqual([...expected(0), ...expected(1)].toSorted());
      }),
    );
  });
});
