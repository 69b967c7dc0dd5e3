import * as fc from 'fast-check';
import { type BatchEntry, runInGroupOrder } from './run-in-group-order.ts';

const entries: readonly BatchEntry[] = [
  { id: '1', group: 'a' },
  { id: '2', group: 'b' },
  { id: '3', group: 'a' },
  { id: '4', group: 'b' },
  { id: '5' },
  { id: '6', group: 'a' },
];

const runAll = async (batch: readonly BatchEntry[], fate: (id: string) => 'done' | 'held' | 'throw') => {
  const ran: string[] = [];
  const errors: string[] = [];
  const waiting: string[] = [];
  const returned = await runInGroupOrder({
    entries: batch,
    run: async ({ id }) => {
      ran.push(id);
      const end = fate(id);
      if (end === 'throw') throw new Error(id);
      return end;
    },
    onError: ({ id }) => errors.push(id),
    onWaiting: async ({ id }) => void waiting.push(id),
  });
  return { ran, errors, waiting, returned: [...returned] };
};

describe('runInGroupOrder', () => {
  it('returns nothing when everything is done', async () => {
    expect(await runAll(entries, () => 'done')).toMatchObject({ errors: [], returned: [] });
  });

  it('holds back only the rest of the failed group', async () => {
    const { ran, errors, waiting, returned } = await runAll(entries, (id) => (id === '3' ? 'throw' : 'done'));
    expect(returned).toEqual(['3', '6']);
    expect(waiting).toEqual(['6']);
    expect(ran.toSorted()).toEqual(['1', '2', '3', '4', '5']);
    expect(errors).toEqual(['3']);
  });

  it('holds back the entries behind a held entry, and reports no error', async () => {
    const { errors, returned } = await runAll(entries, (id) => (id === '2' ? 'held' : 'done'));
    expect(returned).toEqual(['2', '4']);
    expect(errors).toEqual([]);
  });

  it('runs every entry without a group, whatever the others do', async () => {
    const ran: string[] = [];
    const returned = await runInGroupOrder({
      entries: [{ id: '1' }, { id: '2' }],
      run: async ({ id }) => {
        ran.push(id);
        return 'held';
      },
      onError: () => undefined,
    });
    expect(ran.toSorted()).toEqual(['1', '2']);
    expect(returned).toEqual(['1', '2']);
  });

  it('returns the same entries when a waiting one cannot be notified', async () => {
    const returned = await runInGroupOrder({
      entries,
      run: async ({ id }) => (id === '1' ? 'held' : 'done'),
      onError: () => undefined,
      onWaiting: ({ id }) => (id === '3' ? Promise.reject(new Error('the queue is down')) : Promise.resolve()),
    });
    expect(returned).toEqual(['1', '3', '6']);
  });

  it('runs every entry before the first return of its group, in order, and none behind it', async () => {
    const anyBatch = fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(anyBatch, async (shape) => {
        const batch = shape.map(({ group }, index) => ({ id: String(index), group }));
        const { ran, returned } = await runAll(batch, (id) => (shape[Number(id)]?.fails ? 'throw' : 'done'));
        for (const group of ['a', 'b', 'c']) {
          const own = batch.filter((entry) => entry.group === group).map(({ id }) => id);
          const firstFailure = own.findIndex((id) => shape[Number(id)]?.fails);
          const cut = firstFailure < 0 ? own.length : firstFailure;
          expect(ran.filter((id) => own.includes(id))).toEqual(own.slice(0, cut + 1));
          expect(returned.filter((id) => own.includes(id))).toEqual(own.slice(cut));
        }
      }),
      { seed: 1 },
    );
  });
});
