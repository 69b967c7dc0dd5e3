import type { ChangeEvent, ChangeSource, Item } from '@posthorn/change-events';
import { type BackfillDeps, backfill, type Progress } from './backfill.ts';

const source: ChangeSource = {
  name: 'shop',
  organisationId: 'org_1',
  tableName: 'orders',
  application: { constant: 'shop' },
  autoCreate: false,
  rules: [
    {
      name: 'all',
      on: ['insert', 'update'],
      eventType: [
        { kind: 'text', text: 'order.' },
        { kind: 'word', word: 'operation' },
      ],
      payload: { include: ['keys'], redact: [], json: 'plain' },
      channels: [],
      tags: [],
    },
  ],
};
const plan = { sources: [source], keyNames: ['id'], rate: 20 };
const start: Progress = { run: 'r1', startedAt: '2026-01-01T00:00:00.000Z', items: 0, events: 0, refused: 0 };
const anItem = (n: number): Item => ({ id: { S: `o-${n}` }, n: { N: String(n) } });

/** A table with pages of three items, and what was accepted. */
function aTable(count: number, accept: BackfillDeps['accept'] = async () => undefined) {
  const accepted: ChangeEvent[] = [];
  const saved: Progress[] = [];
  const refusals: string[] = [];
  let now = 0;
  const pageSize = 3;
  const deps: BackfillDeps = {
    readItems: async (after) => {
      const first = after === undefined ? 0 : Number(after.n?.N) + 1;
      const last = Math.min(count, first + pageSize) - 1;
      const items = Array.from({ length: last - first + 1 }, (_, index) => anItem(first + index));
      return { items, ...(last + 1 < count && { next: anItem(last) }) };
    },
    accept: async (event, own, at) => {
      const reason = await accept(event, own, at);
      if (reason === undefined) accepted.push(event);
      return reason;
    },
    save: async (progress) => void saved.push(progress),
    pause: async (ms) => {
      now += ms;
    },
    clock: () => now,
    refuse: (keys, reason) => void refusals.push(`${keys.id?.S}: ${reason}`),
  };
  return { deps, accepted, saved, refusals, elapsed: () => now };
}

describe('a backfill', () => {
  it('makes one insert event of each item, not faster than its rate', async () => {
    const { deps, accepted, saved, elapsed } = aTable(7);
    expect(await backfill(deps, plan, start)).toMatchObject({ items: 7, events: 7, refused: 0 });
    expect(accepted.map(({ eventType, orderingKey }) => `${eventType} ${orderingKey}`)).toEqual(
      Array.from({ length: 7 }, (_, n) => `order.insert orders {"id":"o-${n}"}`),
    );
    expect(saved.map(({ items }) => items)).toEqual([3, 6, 7]);
    expect(elapsed()).toBe(350);
  });

  it('goes on where it was, and gives the same identities again', async () => {
    const first = aTable(7);
    await backfill(first.deps, plan, start);
    const [page] = first.saved;
    if (!page) throw new Error('nothing was saved');
    const second = aTable(7);
    expect(await backfill(second.deps, plan, page)).toMatchObject({ items: 7 });
    expect(second.accepted.map(({ identity }) => identity)).toEqual(
      first.accepted.slice(3).map(({ identity }) => identity),
    );
    expect(first.accepted[0]?.identity).toEqual(['change', 'backfill r1', '{"id":{"S":"o-0"}}', 'shop', 'all']);
  });

  it('counts what cannot become an event, and does the others', async () => {
    const { deps, accepted, refusals } = aTable(4, async ({ orderingKey }) =>
      orderingKey.includes('o-2') ? 'there is no application' : undefined,
    );
    expect(await backfill(deps, plan, start)).toMatchObject({ items: 4, events: 3, refused: 1 });
    expect([accepted.length, refusals]).toEqual([3, ['o-2: there is no application']]);
  });
});
