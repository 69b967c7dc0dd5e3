import { setImmediate as nextTurn } from 'node:timers/promises';
import { anApi } from '../fixtures/an-api.ts';
import { updateWithRetry } from './update-with-retry.ts';

interface Counter {
  readonly revision: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** A row that refuses a write from an older revision, each read and write in a turn of its own. */
function aRow() {
  let row: Counter = { revision: 1, counts: {} };
  return {
    current: () => row,
    read: async () => {
      await nextTurn();
      return row;
    },
    write: async (next: Counter, { revision }: Counter) => {
      await nextTurn();
      if (row.revision !== revision) return 'stale' as const;
      row = { ...next, revision: revision + 1 };
      return 'updated' as const;
    },
  };
}

it.each([25, 100])('lets all of %i concurrent changes succeed', async (rivals) => {
  const { read, write, current } = aRow();
  const deps = anApi();
  const names = Array.from({ length: rivals }, (_, n) => `n${n}`);
  const change = (name: string) => (row: Counter) => ({ ...row, counts: { ...row.counts, [name]: 1 } });
  await Promise.all(names.map((name) => updateWithRetry(deps, { read, write, change: change(name) })));
  expect(Object.keys(current().counts).toSorted()).toEqual(names.toSorted());
});

it('decides by the row that was read first', async () => {
  const { read, write } = aRow();
  let rivalled = false;
  const seen: number[] = [];
  await updateWithRetry(anApi(), {
    read,
    write: async (next, current) => {
      if (!rivalled) await write(current, current);
      rivalled = true;
      return write(next, current);
    },
    change: (current, first) => {
      seen.push(first.revision);
      return { ...current };
    },
  });
  expect(seen).toEqual([1, 1]);
});

it('writes nothing if nothing is to be changed', async () => {
  const { read, write, current } = aRow();
  expect(await updateWithRetry(anApi(), { read, write, change: (row) => row })).toBe(current());
  expect(current().revision).toBe(1);
});

it('gives up with a conflict when the time is over', async () => {
  const { read } = aRow();
  const deps = anApi();
  const started = deps.clock().getTime();
  const update = updateWithRetry(deps, { read, write: async () => 'stale', change: (row) => ({ ...row }) });
  await expect(update).rejects.toMatchObject({ code: 'conflict' });
  expect(deps.clock().getTime() - started).toBeGreaterThanOrEqual(15_000);
  expect(deps.clock().getTime() - started).toBeLessThan(16_000);
});
