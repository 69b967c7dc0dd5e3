import type { EventTypeQuery, EventTypeRepository, ListOrder } from '@posthorn/core';
import { anEventType } from '../builders/event-type.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { describePaging } from './paging-promises.ts';

const concurrent = 8;

/** What every event type repository promises. Each test gets an empty one. */
export function describeEventTypeRepository(name: string, create: () => Promise<EventTypeRepository>): void {
  describe(`event types ${name}`, () => {
    describeFinding(create);
    describeUpdating(create);
    describeDeleting(create);
    describeListing(create);
  });
}

function describeFinding(create: () => Promise<EventTypeRepository>): void {
  it('finds everything that was inserted, only in its own organisation', async () => {
    const eventTypes = await create();
    const eventType = anEventType({
      deprecated: true,
      schemas: { 1: { type: 'object', properties: { id: { type: 'integer', maximum: 12 } } } },
      featureFlags: ['beta'],
      groupName: 'invoice',
      creation: 'name of a request',
      enforced: false,
      updatedAt: secondsLater(1),
    });
    expect(await eventTypes.insert(eventType)).toBe('inserted');
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(eventType);
    expect(await eventTypes.find(nthId('organisation', 1), 'invoice.paid')).toBeUndefined();
  });

  it('keeps several feature flags in their order', async () => {
    const eventTypes = await create();
    const eventType = anEventType({ featureFlags: ['beta', 'alpha', 'gamma'] });
    await eventTypes.insert(eventType);
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(eventType);
  });

  it('keeps a live event type as it is, and overwrites an archived one', async () => {
    const eventTypes = await create();
    await eventTypes.insert(anEventType({ archived: true, groupName: 'old', featureFlags: ['a', 'b'] }));
    expect(await eventTypes.insert(anEventType({ description: 'first' }))).toBe('inserted');
    expect(await eventTypes.insert(anEventType({ description: 'second' }))).toBe('exists');
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(anEventType({ description: 'first' }));
  });

  it('inserts one of many with the same name', async () => {
    const eventTypes = await create();
    const answers = await Promise.all(
      Array.from({ length: concurrent }, (_, n) => eventTypes.insert(anEventType({ description: `take ${n}` }))),
    );
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
  });

  it('finds the existing ones of many names, including archived ones', async () => {
    const eventTypes = await create();
    await eventTypes.insert(anEventType({ name: 'a' }));
    await eventTypes.insert(anEventType({ name: 'b', archived: true }));
    const names = ['a', 'b', 'a', ...Array.from({ length: 120 }, (_, n) => `absent-${n}`)];
    const found = await eventTypes.findAll(ids.organisation, names);
    expect(found.map(({ name: foundName }) => foundName).toSorted()).toEqual(['a', 'b']);
    expect(await eventTypes.findAll(ids.organisation, [])).toEqual([]);
  });
}

function describeUpdating(create: () => Promise<EventTypeRepository>): void {
  it('writes the fields that can change, clears absent ones, and increases the revision', async () => {
    const eventTypes = await create();
    const previous = anEventType({ schemas: { 1: true }, featureFlags: ['a', 'b'], groupName: 'old' });
    await eventTypes.insert(previous);
    const next = anEventType({ description: 'new', archived: true, deprecated: true, updatedAt: secondsLater(9) });
    expect(await eventTypes.update(next, previous)).toBe('updated');
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual({ ...next, revision: 2 });
  });

  it('accepts one of many updates of the same revision; the others are stale', async () => {
    const eventTypes = await create();
    const previous = anEventType();
    await eventTypes.insert(previous);
    const answers = await Promise.all(
      Array.from({ length: concurrent }, (_, n) => eventTypes.update(anEventType({ groupName: `g${n}` }), previous)),
    );
    expect(answers.toSorted()).toEqual([...Array(concurrent - 1).fill('stale'), 'updated']);
  });

  it('returns stale for the update of an event type that was replaced, removed, or never there', async () => {
    const eventTypes = await create();
    const replaced = anEventType({ archived: true });
    await eventTypes.insert(replaced);
    const current = anEventType({ createdAt: secondsLater(5) });
    await eventTypes.insert(current);
    expect(await eventTypes.update(anEventType({ description: 'late' }), replaced)).toBe('stale');
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(current);
    await eventTypes.delete(ids.organisation, 'invoice.paid');
    expect(await eventTypes.update(current, current)).toBe('stale');
    expect(await eventTypes.update(anEventType({ name: 'other' }), anEventType({ name: 'other' }))).toBe('stale');
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toBeUndefined();
  });
}

function describeDeleting(create: () => Promise<EventTypeRepository>): void {
  it('removes live and archived event types, and says whether there was one', async () => {
    const eventTypes = await create();
    await eventTypes.insert(anEventType({ name: 'a' }));
    await eventTypes.insert(anEventType({ name: 'b', archived: true }));
    await eventTypes.insert(anEventType({ name: 'c' }));
    expect(await eventTypes.delete(nthId('organisation', 1), 'a')).toBe('absent');
    expect(await eventTypes.delete(ids.organisation, 'a')).toBe('deleted');
    expect(await eventTypes.delete(ids.organisation, 'a')).toBe('absent');
    expect(await eventTypes.delete(ids.organisation, 'b')).toBe('deleted');
    const kept = await eventTypes.findAll(ids.organisation, ['a', 'b', 'c']);
    expect(kept).toEqual([anEventType({ name: 'c' })]);
  });
}

function describeListing(create: () => Promise<EventTypeRepository>): void {
  const names = ['-', '--', '-a', '.', 'A', 'B-1', 'B.1', 'B1', 'B_1', 'a', 'a.b', 'a.b.c', 'z', 'zz'];
  const flags = [[], ['beta'], ['alpha', 'beta'], ['alpha']];
  const rows = names.map((name, n) => anEventType({ name, archived: n % 3 === 1, featureFlags: flags[n % 5] ?? [] }));
  const withoutFlag = rows.filter(({ featureFlags }) => featureFlags.length === 0);
  const withBeta = rows.filter(({ featureFlags }) => featureFlags.length === 0 || featureFlags.includes('beta'));

  const describeList = (query: Pick<EventTypeQuery, 'order' | 'includeArchived' | 'heldFlags'>, shown: typeof rows) =>
    describePaging(async () => {
      const eventTypes = await create();
      for (const row of rows) await eventTypes.insert(row);
      await eventTypes.insert(anEventType({ organisationId: nthId('organisation', 1) }));
      return {
        list: (page) => eventTypes.list(ids.organisation, { ...page, ...query }),
        keyOf: ({ name }) => name,
        rows: query.order === 'ascending' ? shown : shown.toReversed(),
      };
    });

  describe.each([true, false])('listed by name, with archived ones: %s', (includeArchived) => {
    describe.each<ListOrder>(['ascending', 'descending'])('%s', (order) => {
      describeList({ order, includeArchived }, includeArchived ? rows : rows.filter(({ archived }) => !archived));
    });
  });

  describe.each<[readonly string[], typeof rows]>([
    [[], withoutFlag],
    [['gamma', 'beta'], withBeta],
  ])('listed for a token with the flags %j', (heldFlags, shown) => {
    describeList({ order: 'ascending', includeArchived: true, heldFlags }, shown);
  });
}
