import type { ApplicationRepository, PollStateRepository } from '@posthorn/core';
import { anApplication } from '../builders/application.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';

interface Stores {
  readonly states: PollStateRepository;
  readonly applications: Pick<ApplicationRepository, 'insert' | 'startOrdering'>;
}

const { organisation: organisationId, application: applicationId } = ids;
const names = { sink: 'orders', consumer: 'one' };
const key = { applicationId, ...names };
const expiresAt = secondsLater(3_600);
const at = (position: string, generation = 0) => ({ position, generation, expiresAt });

/** What every store of who polls promises. Each test gets an empty one, over the same applications. */
export function describePollStates(name: string, create: () => Promise<Stores>): void {
  const consumerOf = async ({ states }: Stores, consumer = names) =>
    (await states.find({ organisationId, applicationId, consumer })).consumer;

  describe(`who polls, ${name}`, () => {
    it('finds the application with what accepting needs, in its organisation only', async () => {
      const { states, applications } = await create();
      await applications.insert(anApplication({ uid: 'shop' }));
      await applications.startOrdering(anApplication(), secondsLater(1));
      const application = { organisationId, applicationId, uid: 'shop', orderedAt: secondsLater(1), orderStarts: 1 };
      expect(await states.find({ organisationId, applicationId })).toEqual({ application });
      expect(await states.find({ organisationId: nthId('organisation', 1), applicationId })).toEqual({});
      expect(await states.findIdOfUid(organisationId, 'shop')).toBe(applicationId);
      expect(await states.findIdOfUid(organisationId, 'other')).toBeUndefined();
    });

    it('knows until when the log of an application is kept', async () => {
      const { states } = await create();
      expect(await states.keepsLog(applicationId)).toBe(false);
      for (const log of [
        { until: secondsLater(1), isComplete: false },
        { until: secondsLater(2), isComplete: true },
      ]) {
        await states.keepLog(anApplication(), log);
        expect(await states.keepsLog(applicationId)).toBe(true);
        expect(await states.find({ organisationId, applicationId })).toEqual({ log });
      }
      expect(await states.keepsLog(nthId('application', 1))).toBe(false);
    });

    it('moves a consumer forward, and never back', async () => {
      const stores = await create();
      const { states } = stores;
      expect(await consumerOf(stores)).toBeUndefined();
      expect(await states.acknowledge(key, at('99'))).toBe('acknowledged');
      expect(await states.acknowledge(key, at('100'))).toBe('acknowledged');
      expect(await states.acknowledge(key, at('100'))).toBe('refused');
      expect(await states.acknowledge(key, at('99'))).toBe('refused');
      expect(await consumerOf(stores)).toEqual(at('100'));
    });

    it('lets one of several programs with the same name move it', async () => {
      const stores = await create();
      const answers = await Promise.all([1, 2, 3, 4].map(() => stores.states.acknowledge(key, at('7'))));
      expect(answers.filter((answer) => answer === 'acknowledged')).toHaveLength(1);
      expect(await consumerOf(stores)).toEqual(at('7'));
    });

    it('sets a consumer forward and back, and refuses what is acknowledged by an iterator of before', async () => {
      const stores = await create();
      const { states } = stores;
      expect(await states.seek(key, { position: '50', expiresAt })).toBe(1);
      expect(await states.acknowledge(key, at('60', 0))).toBe('refused');
      expect(await states.acknowledge(key, at('60', 1))).toBe('acknowledged');
      expect(await states.seek(key, { position: '10', expiresAt })).toBe(2);
      expect(await states.acknowledge(key, at('61', 1))).toBe('refused');
      expect(await consumerOf(stores)).toEqual(at('10', 2));
    });

    it('tells consumers apart, whatever characters their names have', async () => {
      const stores = await create();
      const { states } = stores;
      const others = [
        { sink: 'orders#one', consumer: '' },
        { sink: 'orders', consumer: 'o"n,e' },
        { sink: '…'.repeat(256), consumer: '🎺'.repeat(128) },
      ];
      await states.acknowledge(key, at('1'));
      for (const [index, other] of others.entries()) {
        expect(await consumerOf(stores, other)).toBeUndefined();
        await states.acknowledge({ applicationId, ...other }, at(String(index + 2)));
      }
      for (const [index, other] of others.entries()) {
        expect(await consumerOf(stores, other)).toEqual(at(String(index + 2)));
      }
      expect(await consumerOf(stores)).toEqual(at('1'));
    });

    it('keeps a consumer for longer, and makes none by that', async () => {
      const stores = await create();
      const { states } = stores;
      await states.keepConsumer(key, secondsLater(7_200));
      expect(await consumerOf(stores)).toBeUndefined();
      await states.acknowledge(key, at('1'));
      await states.keepConsumer(key, secondsLater(7_200));
      expect(await consumerOf(stores)).toEqual({ ...at('1'), expiresAt: secondsLater(7_200) });
    });
  });
}
