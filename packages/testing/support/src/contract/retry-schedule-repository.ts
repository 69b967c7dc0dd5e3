import type { RetryScheduleRepository } from '@posthorn/core';
import { ids, nthId } from '../builders/ids.ts';

/** What every repository of retry schedules promises. Each test gets an empty one. */
export function describeRetryScheduleRepository(name: string, create: () => Promise<RetryScheduleRepository>): void {
  const { organisation: organisationId } = ids;
  const own = { organisationId };
  const paid = { organisationId, eventType: 'invoice.paid' };

  describe(`retry schedules ${name}`, () => {
    it('are found for their organisation and their event type only', async () => {
      const schedules = await create();
      expect(await schedules.find(own)).toBeUndefined();
      await schedules.put(own, [1, 2]);
      await schedules.put(paid, []);
      expect([await schedules.find(own), await schedules.find(paid)]).toEqual([[1, 2], []]);
      expect(await schedules.find({ organisationId, eventType: 'invoice' })).toBeUndefined();
      expect(await schedules.find({ organisationId: nthId('organisation', 1) })).toBeUndefined();
    });

    it('are found together for a message', async () => {
      const schedules = await create();
      expect(await schedules.findOverrides(organisationId, 'invoice.paid')).toEqual({});
      await schedules.put(paid, [7]);
      expect(await schedules.findOverrides(organisationId, 'invoice.paid')).toEqual({ eventType: [7] });
      await schedules.put(own, [8]);
      expect(await schedules.findOverrides(organisationId, 'invoice.paid')).toEqual({
        eventType: [7],
        organisation: [8],
      });
      expect(await schedules.findOverrides(organisationId, 'invoice.sent')).toEqual({ organisation: [8] });
      expect(await schedules.findOverrides(nthId('organisation', 1), 'invoice.paid')).toEqual({});
    });

    it('are replaced and deleted, also twice', async () => {
      const schedules = await create();
      await schedules.put(own, [1]);
      await schedules.put(own, [2]);
      expect(await schedules.find(own)).toEqual([2]);
      for (const _ of [1, 2]) await schedules.delete(own);
      expect(await schedules.find(own)).toBeUndefined();
    });
  });
}
