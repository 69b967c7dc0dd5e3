import type { DataKeyRepository } from '@posthorn/core';
import { ids, nthId } from '../builders/ids.ts';

const concurrent = 8;

/** What every repository of data keys promises. Each test gets an empty one. */
export function describeDataKeyRepository(name: string, create: () => Promise<DataKeyRepository>): void {
  describe(`data keys ${name}`, () => {
    it('finds a key by its id, only in its own organisation', async () => {
      const keys = await create();
      expect(await keys.find(ids.organisation, '1')).toBeUndefined();
      expect(await keys.insert(ids.organisation, '1', 'wrapped')).toBe('wrapped');
      expect(await keys.find(ids.organisation, '1')).toBe('wrapped');
      expect(await keys.find(ids.organisation, '2')).toBeUndefined();
      expect(await keys.find(nthId('organisation', 1), '1')).toBeUndefined();
    });

    it('never replaces a key', async () => {
      const keys = await create();
      await keys.insert(ids.organisation, '1', 'first');
      expect(await keys.insert(ids.organisation, '1', 'second')).toBe('first');
      expect(await keys.find(ids.organisation, '1')).toBe('first');
    });

    it('keeps one of many first keys, and tells every caller which', async () => {
      const keys = await create();
      const stored = await Promise.all(
        Array.from({ length: concurrent }, (_, n) => keys.insert(ids.organisation, '1', `wrapped ${n}`)),
      );
      expect(new Set(stored)).toEqual(new Set([await keys.find(ids.organisation, '1')]));
    });
  });
}
