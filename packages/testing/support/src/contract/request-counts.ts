import type { RequestCountRepository } from '@posthorn/core/rate-limit/request-count-repository';

const second = 1_767_225_600;

/** What every repository of request counts promises. Each test gets an empty one. */
export function describeRequestCounts(name: string, create: () => Promise<RequestCountRepository>): void {
  describe(`request counts ${name}`, () => {
    it('add up, and begin anew with each second and caller', async () => {
      const { add } = await create();
      expect(await add({ caller: 'a', second }, 5)).toBe(5);
      expect(await add({ caller: 'a', second }, 1)).toBe(6);
      expect(await add({ caller: 'a', second: second + 1 }, 5)).toBe(5);
      expect(await add({ caller: 'b', second }, 2)).toBe(2);
    });

    it('count each request once if many are added at the same time', async () => {
      const { add } = await create();
      const counts = await Promise.all(Array.from({ length: 20 }, () => add({ caller: 'a', second }, 1)));
      expect(counts.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    });
  });
}
