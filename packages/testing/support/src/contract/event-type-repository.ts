import type { EventTypeRepository } from '@posthorn/core';
import { anEventType } from '../builders/event-type.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { describePaging } from './paging-promises.ts';

const concurrent = 8;

/** What every event type repository promises. Each test gets an empty one. */
export function describeEventTypeRepository(name: string, create: () => Promise<EventTypeRepository>): void {
  describe(`event types ${name}`, () => {
    it('finds everything that was inserted, only in its own organisation', async () => {
      const eventTypes = await create();
      const eventType = anEventType({
        deprecated: true,
        schemas: { 1: { type: 'object', properties: { id: { type: 'integer', maximum: 12 } } } },
        featureFlag: 'beta',
        groupName: 'invoice',
        updatedAt: secondsLater(1),
      });
      expect(await eventTypes.insert(eventType)).toBe('inserted');
      expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(eventType);
      expect(await eventTypes.find(nthId('organisation', 1), 'invoice.paid')).toBeUndefined();
    });

    it('keeps a live event type as it is, and overwrites an archived one', async () => {
      const eventTypes = await create();
      await eventTypes.insert(anEventType({ archived: true, groupName: 'old' }));
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

    describe.each([true, false])('listed by name, with archived ones: %s', (includeArchived) => {
      describePaging(async () => {
        const eventTypes = await create();
        const names = ['-', '--', '-a', '.', 'A', 'B-1', 'B.1', 'B1', 'B_1', 'a', 'a.b', 'a.b.c', 'z', 'zz'];
        const rows = names.map((rowName, n) => anEventType({ name: rowName, archived: n % 3 === 1 }));
        for (const row of rows) await eventTypes.insert(row);
        return {
          list: (page) => eventTypes.list(ids.organisation, { ...page, includeArchived }),
          keyOf: ({ name: rowName }) => rowName,
          rows: rows.filter(({ archived }) => includeArchived || !archived),
        };
      });
    });
  });
}
