import { type LogEntry, type MessageLogRepository, positionBefore, startOfLog } from '@posthorn/core';
import { ids, nthId, nthMessageId, secondsLater } from '../builders/ids.ts';

/** Sequence numbers as long as those of DynamoDB, that are not of the same length. */
const firstSequence = 10n ** 21n - 20n;
const entry = (n: number): LogEntry => ({
  sequence: String(firstSequence + BigInt(n)),
  messageId: nthMessageId(n, 'ordered'),
});
const range = (from: number, to: number): readonly LogEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const aBatch = (from: number, to: number) => ({
  entries: range(from, to),
  committedAt: secondsLater(to),
  expiresAt: secondsLater(90 * 24 * 3_600),
});

/** What can happen to batches: the ranges of entries that are written, one after the other. */
const repeats: readonly (readonly [string, readonly (readonly [number, number])[]])[] = [
  [
    'repeated',
    [
      [1, 5],
      [1, 5],
    ],
  ],
  [
    'repeated with more',
    [
      [1, 5],
      [1, 9],
    ],
  ],
  [
    'repeated with less',
    [
      [1, 9],
      [1, 5],
    ],
  ],
  [
    'divided',
    [
      [1, 9],
      [1, 4],
      [5, 9],
    ],
  ],
  [
    'divided again',
    [
      [1, 9],
      [1, 4],
      [1, 2],
      [3, 4],
      [5, 9],
    ],
  ],
  [
    'cut, and gone on with',
    [
      [1, 4],
      [5, 9],
    ],
  ],
  [
    'written late by one that was thought dead',
    [
      [1, 4],
      [5, 9],
      [1, 9],
    ],
  ],
];

/** What every message log promises. Each test gets an empty one. */
export function describeMessageLog(name: string, create: () => Promise<MessageLogRepository>): void {
  const withBatches = async (...batches: readonly (readonly [number, number])[]) => {
    const log = await create();
    for (const [from, to] of batches) await log.append(ids.application, aBatch(from, to));
    const readAll = async (limit: number, behind = startOfLog) => {
      const read: LogEntry[] = [];
      for (let position = behind; ; ) {
        const page = await log.read(ids.application, { behind: position, limit });
        read.push(...page.entries);
        position = page.entries.at(-1)?.sequence ?? position;
        if (page.done) return read;
        expect(page.entries).toHaveLength(limit);
      }
    };
    return { log, readAll };
  };

  describe(`the message log ${name}`, () => {
    it('is empty at first, and done', async () => {
      const { log } = await withBatches();
      expect(await log.read(ids.application, { behind: startOfLog, limit: 10 })).toEqual({ entries: [], done: true });
      expect(await log.findStart(ids.application, secondsLater(1))).toBe(startOfLog);
    });

    it('gives what is behind a position, in order, to its application only', async () => {
      const { log, readAll } = await withBatches([1, 3], [4, 4], [5, 30]);
      expect(await readAll(100)).toEqual(range(1, 30));
      expect(await readAll(100, entry(2).sequence)).toEqual(range(3, 30));
      expect(await readAll(100, positionBefore(entry(2)))).toEqual(range(2, 30));
      expect(await readAll(100, entry(30).sequence)).toEqual([]);
      expect(await log.read(nthId('application', 1), { behind: startOfLog, limit: 10 })).toMatchObject({ entries: [] });
    });

    it.each([1, 2, 3, 5, 30])('is done exactly at its end, with pages of %d', async (limit) => {
      const { readAll } = await withBatches([1, 3], [4, 4], [5, 30]);
      expect(await readAll(limit)).toEqual(range(1, 30));
    });

    it('keeps batches of any length, and reads many small ones', async () => {
      const single = Array.from({ length: 100 }, (_, n) => [201 + n, 201 + n] as const);
      const { readAll } = await withBatches([1, 200], ...single);
      expect(await readAll(250)).toEqual(range(1, 300));
      expect(await readAll(7, entry(190).sequence)).toEqual(range(191, 300));
    });

    it.each(repeats)('gives each entry once when a batch was %s', async (_, batches) => {
      const { readAll } = await withBatches(...batches);
      const last = Math.max(...batches.map(([, to]) => to));
      for (const limit of [1, 2, 3, 100]) expect(await readAll(limit)).toEqual(range(1, last));
    });

    it('has a batch with smaller numbers at its end, once, and a reader who was there gets it', async () => {
      const { log, readAll } = await withBatches([10, 20]);
      const lane = (...numbers: number[]) => ({ ...aBatch(20, 20), entries: numbers.map(entry) });
      await log.append(ids.application, lane(1, 2, 3));
      expect((await readAll(10, entry(20).sequence)).map(({ messageId }) => messageId)).toEqual(
        range(1, 3).map(({ messageId }) => messageId),
      );
      // It is run again with more, and the other lane goes on.
      await log.append(ids.application, lane(1, 2, 3, 4));
      await log.append(ids.application, aBatch(15, 30));
      const found = (await readAll(4)).map(({ messageId }) => messageId);
      const inOrder = [...range(10, 20), ...range(1, 4), ...range(21, 30)];
      expect(found).toEqual(inOrder.map(({ messageId }) => messageId));
    });

    it('has everything that is appended at the same time, and nothing of it before a place that was read', async () => {
      const { log } = await withBatches();
      const batches = [1, 2, 3, 4].map((n) => aBatch(n * 10, n * 10 + 4)).toReversed();
      const read: LogEntry[] = [];
      const readOn = async () => {
        const behind = read.at(-1)?.sequence ?? startOfLog;
        read.push(...(await log.read(ids.application, { behind, limit: 100 })).entries);
      };
      let isOver = false;
      const appended = Promise.all(batches.map((batch) => log.append(ids.application, batch)));
      const reading = (async () => {
        while (!isOver) await new Promise((resolve) => setImmediate(resolve)).then(readOn);
      })();
      await appended;
      isOver = true;
      await reading;
      await readOn();
      const all = batches.flatMap(({ entries }) => entries.map(({ messageId }) => messageId));
      expect(read.map(({ messageId }) => messageId).toSorted()).toEqual(all.toSorted());
    });

    it('is searched for a time, though a batch was committed before the one that it follows', async () => {
      const { log } = await withBatches([100, 100], [300, 300]);
      const late = { ...entry(1), messageId: nthMessageId(150, 'ordered') };
      await log.append(ids.application, { ...aBatch(150, 150), entries: [late] });
      await log.append(ids.application, aBatch(600, 600));
      const start = await log.findStart(ids.application, secondsLater(140));
      const { entries } = await log.read(ids.application, { behind: start, limit: 10 });
      expect(entries.map(({ messageId }) => messageId)).toEqual([300, 150, 600].map((n) => nthMessageId(n, 'ordered')));
    });

    it.each([
      [-1, 1],
      [0, 1],
      [1, 1],
      // An id carries its time to 4 ms.
      [1.003, 1],
      [1.004, 2],
      [7.5, 8],
      [150, 150],
      [400, 400],
    ])('begins with the first message that was accepted at second %d or later', async (second, expected) => {
      const { log, readAll } = await withBatches(
        ...Array.from({ length: 80 }, (_, n) => [n * 5 + 1, n * 5 + 5] as const),
      );
      const start = await log.findStart(ids.application, secondsLater(second));
      expect((await readAll(1_000, start))[0]).toEqual(entry(expected));
    });

    it.each([400.004, 401, 10_000])('begins at the end without a message at second %d or later', async (second) => {
      const { log } = await withBatches([1, 200], [201, 400]);
      expect(await log.findStart(ids.application, secondsLater(second))).toBe(entry(400).sequence);
    });

    it('ends with its last entry, whenever that was accepted', async () => {
      const { log } = await withBatches([1, 200], [300, 400]);
      const late = { ...entry(401), messageId: nthMessageId(250, 'ordered') };
      await log.append(ids.application, { ...aBatch(401, 401), entries: [late] });
      expect(await log.findEnd(ids.application)).toBe(late.sequence);
    });

    it('ends where it starts as long as it is empty', async () => {
      const { log } = await withBatches();
      expect(await log.findEnd(ids.application)).toBe(startOfLog);
    });

    it('begins before a message that was accepted later, though one of before was committed behind it', async () => {
      const { log } = await withBatches([1, 100]);
      const late = { sequence: entry(201).sequence, messageId: nthMessageId(90, 'sharded') };
      const entries = [entry(200), late, entry(202)];
      await log.append(ids.application, { ...aBatch(200, 202), entries });
      const start = await log.findStart(ids.application, secondsLater(150));
      expect((await log.read(ids.application, { behind: start, limit: 10 })).entries).toEqual(entries);
    });
  });
}
