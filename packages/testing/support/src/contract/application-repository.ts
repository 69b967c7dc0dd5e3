import type { ApplicationRepository, ListOrder } from '@posthorn/core';
import { anApplication } from '../builders/application.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { describePaging } from './paging-promises.ts';

const concurrent = 8;

/** What every application repository promises. Each test gets an empty one. */
export function describeApplicationRepository(name: string, create: () => Promise<ApplicationRepository>): void {
  describe(`applications ${name}`, () => {
    describeFinding(create);
    describeUpdating(create);
    describeOrdering(create);
    describe.each<ListOrder>(['ascending', 'descending'])('listed %s', (order) => {
      describePaging(async () => {
        const applications = await create();
        const rows = [1, 2, 3, 4, 5, 6].map((n) =>
          anApplication({ applicationId: nthId('application', n), uid: `u${n}` }),
        );
        for (const row of rows) await applications.insert(row);
        await applications.insert(anApplication({ organisationId: nthId('organisation', 1) }));
        return {
          list: (page) => applications.list(ids.organisation, { ...page, order }),
          keyOf: ({ applicationId }) => applicationId,
          rows: order === 'ascending' ? rows : rows.toReversed(),
        };
      });
    });
  });
}

function describeFinding(create: () => Promise<ApplicationRepository>): void {
  it('finds everything that was inserted, by id and by uid, only in its own organisation', async () => {
    const applications = await create();
    const application = anApplication({
      uid: 'shop',
      throttleRate: 5,
      metadata: { tier: 'gold', näme: '✓' },
      orderedAt: secondsLater(2),
      updatedAt: secondsLater(1.5),
    });
    expect(await applications.insert(application)).toBe('inserted');
    expect(await applications.find(ids.organisation, ids.application)).toEqual(application);
    expect(await applications.find(ids.organisation, 'shop')).toEqual(application);
    expect(await applications.find(nthId('organisation', 1), ids.application)).toBeUndefined();
    expect(await applications.find(nthId('organisation', 1), 'shop')).toBeUndefined();
    expect(await applications.find(ids.organisation, 'app_of_nobody')).toBeUndefined();
  });

  it('finds the fields that accepting a message needs', async () => {
    const applications = await create();
    await applications.insert(anApplication({ uid: 'shop' }));
    const accepting = { organisationId: ids.organisation, applicationId: ids.application, uid: 'shop' };
    expect(await applications.findAccepting(ids.organisation, ids.application)).toEqual(accepting);
    expect(await applications.findAccepting(ids.organisation, 'shop')).toEqual(accepting);
    expect(await applications.findAccepting(ids.organisation, 'nobody')).toBeUndefined();
  });

  it('gives a uid to one of many simultaneous inserts', async () => {
    const applications = await create();
    const rivals = Array.from({ length: concurrent }, (_, n) =>
      applications.insert(anApplication({ applicationId: nthId('application', n), uid: 'shop' })),
    );
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
    const { items } = await applications.list(ids.organisation, {
      limit: 10,
      direction: 'forward',
      order: 'ascending',
    });
    expect(items).toHaveLength(1);
  });

  it('inserts an application once, whatever its content', async () => {
    const applications = await create();
    const rivals = Array.from({ length: concurrent }, (_, n) =>
      applications.insert(anApplication({ uid: 'shop', name: `${n}` })),
    );
    const answers = await Promise.all(rivals);
    expect(answers.toSorted()).toEqual([...Array(concurrent - 1).fill('exists'), 'inserted']);
    const stored = await applications.find(ids.organisation, 'shop');
    expect(stored?.name).toBe(String(answers.indexOf('inserted')));
  });
}

function describeUpdating(create: () => Promise<ApplicationRepository>): void {
  it('writes the fields that can change, and increases the revision', async () => {
    const applications = await create();
    const previous = anApplication({ uid: 'old', throttleRate: 5, orderedAt: secondsLater(1) });
    const { orderedAt: _, throttleRate: __, ...rest } = previous;
    await applications.insert(previous);
    const next = { ...rest, name: 'New', uid: 'new', metadata: { a: 'b' }, updatedAt: secondsLater(9) };
    expect(await applications.update(next, previous)).toBe('updated');
    expect(await applications.find(ids.organisation, 'new')).toEqual({
      ...next,
      orderedAt: secondsLater(1),
      revision: 2,
    });
    expect(await applications.find(ids.organisation, 'old')).toBeUndefined();
  });

  it('clears a uid', async () => {
    const applications = await create();
    const previous = anApplication({ uid: 'shop' });
    await applications.insert(previous);
    await applications.update(anApplication(), previous);
    expect(await applications.find(ids.organisation, ids.application)).toEqual(anApplication({ revision: 2 }));
    expect(await applications.find(ids.organisation, 'shop')).toBeUndefined();
  });

  it('refuses the uid of another application, and changes nothing', async () => {
    const applications = await create();
    await applications.insert(anApplication({ applicationId: nthId('application', 1), uid: 'taken' }));
    await applications.insert(anApplication({ uid: 'mine' }));
    expect(await applications.update(anApplication({ uid: 'taken' }), anApplication({ uid: 'mine' }))).toBe(
      'uid_taken',
    );
    expect(await applications.find(ids.organisation, 'mine')).toEqual(anApplication({ uid: 'mine' }));
  });

  it('accepts one of many updates of the same revision; the others are stale', async () => {
    const applications = await create();
    const previous = anApplication();
    await applications.insert(previous);
    const answers = await Promise.all(
      Array.from({ length: concurrent }, (_, n) => applications.update({ ...previous, name: `Shop ${n}` }, previous)),
    );
    expect(answers.toSorted()).toEqual([...Array(concurrent - 1).fill('stale'), 'updated']);
  });

  it('returns stale for the update of a deleted application', async () => {
    const applications = await create();
    expect(await applications.update(anApplication({ name: 'New' }), anApplication())).toBe('stale');
  });
}

function describeOrdering(create: () => Promise<ApplicationRepository>): void {
  it('starts ordering, keeps its time, and counts the starts', async () => {
    const applications = await create();
    await applications.insert(anApplication());
    const start = (seconds: number) => applications.startOrdering(anApplication(), secondsLater(seconds));
    expect(await start(1)).toEqual({ orderStarts: 1, isSettled: false });
    expect(await start(2)).toEqual({ orderStarts: 2, isSettled: false });
    const order = { orderedAt: secondsLater(1), orderStarts: 2 };
    expect(await applications.findAccepting(ids.organisation, ids.application)).toMatchObject(order);
    expect(await applications.find(ids.organisation, ids.application)).toEqual(anApplication(order));
  });

  it('knows that ordering is settled, until it stops', async () => {
    const applications = await create();
    await applications.insert(anApplication());
    const start = () => applications.startOrdering(anApplication(), secondsLater(1));
    const { orderStarts: first } = await start();
    const { orderStarts: second } = await start();
    await applications.settleOrdering(anApplication(), first);
    expect(await start()).toEqual({ orderStarts: 3, isSettled: false });
    await applications.settleOrdering(anApplication(), second + 1);
    expect(await start()).toEqual({ orderStarts: 4, isSettled: true });
    await applications.stopOrdering(anApplication({ orderStarts: 4 }));
    await applications.settleOrdering(anApplication(), 4);
    expect(await start()).toEqual({ orderStarts: 5, isSettled: false });
  });

  it('stops ordering unless it was started again in the meantime, and does not count anew', async () => {
    const applications = await create();
    await applications.insert(anApplication());
    await applications.startOrdering(anApplication(), secondsLater(1));
    const find = () => applications.find(ids.organisation, ids.application);
    const before = (await find()) ?? anApplication();
    await applications.startOrdering(anApplication(), secondsLater(2));
    await applications.stopOrdering(before);
    await applications.stopOrdering(anApplication());
    expect((await find())?.orderedAt).toEqual(secondsLater(1));
    await applications.stopOrdering((await find()) ?? before);
    expect(await find()).toEqual(anApplication({ orderStarts: 2 }));
    await applications.startOrdering(anApplication(), secondsLater(3));
    expect(await find()).toEqual(anApplication({ orderedAt: secondsLater(3), orderStarts: 3 }));
  });

  it('stops an order from a time when starts were not counted', async () => {
    const applications = await create();
    await applications.insert(anApplication({ orderedAt: secondsLater(1) }));
    await applications.stopOrdering(anApplication());
    expect(await applications.find(ids.organisation, ids.application)).toEqual(anApplication());
  });

  it('makes no application by stopping or settling', async () => {
    const applications = await create();
    await applications.stopOrdering(anApplication());
    await applications.stopOrdering(anApplication({ orderStarts: 1 }));
    await applications.settleOrdering(anApplication(), 1);
    expect(await applications.find(ids.organisation, ids.application)).toBeUndefined();
  });

  it('does not change the revision when ordering starts or stops, so no update becomes stale', async () => {
    const applications = await create();
    await applications.insert(anApplication());
    await applications.startOrdering(anApplication(), secondsLater(1));
    expect(await applications.update(anApplication({ name: 'New' }), anApplication())).toBe('updated');
    expect(await applications.find(ids.organisation, ids.application)).toMatchObject({ orderedAt: secondsLater(1) });
  });

  it('refuses to order a deleted application', async () => {
    const applications = await create();
    await expect(applications.startOrdering(anApplication(), secondsLater(1))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
}
