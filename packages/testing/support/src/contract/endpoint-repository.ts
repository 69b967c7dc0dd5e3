import type { EndpointMode, EndpointRepository } from '@posthorn/core';
import { anEndpoint } from '../builders/endpoint.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { describePaging } from './paging-promises.ts';

const concurrent = 8;

const health = {
  failures: 12,
  failingSince: secondsLater(1),
  lastFailureAt: secondsLater(2),
  lastSuccessAt: secondsLater(0.5),
  breaker: { epoch: 7, openUntil: secondsLater(30), step: 2, drained: 1 },
  slowUntil: secondsLater(600),
};

/** What every endpoint repository promises. Each test gets an empty one. */
export function describeEndpointRepository(name: string, create: () => Promise<EndpointRepository>): void {
  describe(`endpoints ${name}`, () => {
    describeFinding(create);
    describeUpdating(create);
    describeListing(create);
  });
}

function describeFinding(create: () => Promise<EndpointRepository>): void {
  it('finds everything that was inserted, by id and by uid, only in its own application', async () => {
    const endpoints = await create();
    const endpoint = anEndpoint({
      uid: 'billing',
      description: 'Billing',
      eventTypes: ['invoice.paid', 'invoice.sent'],
      channels: ['eu', 'us'],
      throttleRate: 5,
      metadata: { team: 'ünï' },
      retrySchedule: [0, 604_800],
      sealedHeaders: 'sealed headers',
      secrets: [
        { sealedKey: 'new', rotation: 'r1' },
        { sealedKey: 'old', expiresAt: secondsLater(60) },
      ],
      order: { by: '$.invoice', onExhausted: 'skip' },
      health,
      disabled: true,
    });
    expect(await endpoints.insert(endpoint)).toBe('inserted');
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual(endpoint);
    expect(await endpoints.find(ids.application, 'billing')).toEqual(endpoint);
    expect(await endpoints.find(nthId('application', 1), ids.endpoint)).toBeUndefined();
    expect(await endpoints.find(nthId('application', 1), 'billing')).toBeUndefined();
  });

  it('gives a uid to one of many simultaneous inserts', async () => {
    const endpoints = await create();
    const rivals = Array.from({ length: concurrent }, (_, n) =>
      endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n), uid: 'billing' })),
    );
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
    expect(await endpoints.listForFanOut(ids.application)).toHaveLength(1);
  });

  it('inserts an endpoint once, whatever its content', async () => {
    const endpoints = await create();
    const rivals = Array.from({ length: concurrent }, (_, n) =>
      endpoints.insert(anEndpoint({ uid: 'billing', description: `${n}` })),
    );
    const answers = await Promise.all(rivals);
    expect(answers.toSorted()).toEqual([...Array(concurrent - 1).fill('exists'), 'inserted']);
    expect(await endpoints.insert(anEndpoint(), 1)).toBe('exists');
    const stored = await endpoints.find(ids.application, 'billing');
    expect(stored?.description).toBe(String(answers.indexOf('inserted')));
  });

  it('never has more endpoints than the limit, of both modes together', async () => {
    const endpoints = await create();
    const limit = 5;
    const endpointOf = (n: number, uid?: string) =>
      anEndpoint({
        endpointId: nthId('endpoint', n),
        ...(n % 2 === 1 && { order: { onExhausted: 'block' } }),
        ...(uid !== undefined && { uid }),
      });
    const rivals = Array.from({ length: 2 * concurrent }, (_, n) => endpoints.insert(endpointOf(n), limit));
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(limit);
    expect(answers.filter((answer) => answer === 'limit_reached')).toHaveLength(2 * concurrent - limit);
    expect(await endpoints.listForFanOut(ids.application)).toHaveLength(limit);
    const other = anEndpoint({ applicationId: nthId('application', 1), endpointId: nthId('endpoint', 100) });
    expect(await endpoints.insert(other, limit)).toBe('inserted');
    await endpoints.delete(endpointOf(answers.indexOf('inserted')), secondsLater(1));
    expect(await endpoints.insert(endpointOf(101, 'billing'), limit)).toBe('inserted');
    expect(await endpoints.insert(endpointOf(102), limit)).toBe('limit_reached');
    expect(await endpoints.insert(endpointOf(103, 'billing'), limit + 1)).toBe('uid_taken');
  });

  it('deletes an endpoint and frees its uid, and may be repeated', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint({ uid: 'billing' }));
    await endpoints.delete(anEndpoint({ uid: 'billing' }), secondsLater(1));
    await endpoints.delete(anEndpoint({ uid: 'billing' }), secondsLater(1));
    expect(await endpoints.find(ids.application, ids.endpoint)).toBeUndefined();
    expect(await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 1), uid: 'billing' }))).toBe('inserted');
  });
}

function describeUpdating(create: () => Promise<EndpointRepository>): void {
  it('replaces all fields except the ids and the creation time, moves the uid and increases the revision', async () => {
    const endpoints = await create();
    const previous = anEndpoint({ uid: 'old', channels: ['eu'], order: { onExhausted: 'block' } });
    await endpoints.insert(previous);
    const next = anEndpoint({ uid: 'new', url: 'https://example.com/new', updatedAt: secondsLater(9) });
    expect(await endpoints.update({ ...next, createdAt: secondsLater(5) }, previous)).toBe('updated');
    expect(await endpoints.find(ids.application, 'new')).toEqual({ ...next, revision: 2 });
    expect(await endpoints.find(ids.application, 'old')).toBeUndefined();
  });

  it('keeps the health of an endpoint, whatever the update says', async () => {
    const endpoints = await create();
    const previous = anEndpoint({ health });
    await endpoints.insert(previous);
    const other = { failures: 1 };
    expect(await endpoints.update(anEndpoint({ description: 'one', health: other }), previous)).toBe('updated');
    const read = await endpoints.find(ids.application, ids.endpoint);
    expect(read).toEqual({ ...previous, description: 'one', revision: 2 });
    const without = anEndpoint({ description: 'two', revision: 2 });
    expect(await endpoints.update(without, { ...previous, revision: 2 })).toBe('updated');
    expect((await endpoints.find(ids.application, ids.endpoint))?.health).toEqual(health);
  });

  it('forgets the health of an endpoint that is enabled again', async () => {
    const endpoints = await create();
    const disabled = anEndpoint({ health, disabled: true });
    await endpoints.insert(disabled);
    expect(await endpoints.update(anEndpoint({ health, disabled: true }), disabled)).toBe('updated');
    expect((await endpoints.find(ids.application, ids.endpoint))?.health).toEqual(health);
    const next = anEndpoint({ health });
    expect(await endpoints.update(next, { ...disabled, revision: 2 })).toBe('updated');
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual(anEndpoint({ revision: 3 }));
  });

  it('refuses the uid of another endpoint, and changes nothing', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 1), uid: 'taken' }));
    await endpoints.insert(anEndpoint({ uid: 'mine' }));
    expect(await endpoints.update(anEndpoint({ uid: 'taken' }), anEndpoint({ uid: 'mine' }))).toBe('uid_taken');
    expect(await endpoints.find(ids.application, 'mine')).toEqual(anEndpoint({ uid: 'mine' }));
  });

  it('accepts one of many updates of the same revision; the others are stale', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint());
    const answers = await Promise.all(
      Array.from({ length: concurrent }, (_, n) =>
        endpoints.update(anEndpoint({ description: `take ${n}` }), anEndpoint()),
      ),
    );
    expect(answers.toSorted()).toEqual([...Array(concurrent - 1).fill('stale'), 'updated']);
  });

  it('disables once, and makes an update stale that read the endpoint before', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint());
    await endpoints.disable(anEndpoint(), secondsLater(1));
    await endpoints.disable(anEndpoint(), secondsLater(2));
    const disabled = anEndpoint({ disabled: true, autoDisabled: true, updatedAt: secondsLater(1), revision: 2 });
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual(disabled);
    expect(await endpoints.update(anEndpoint(), anEndpoint())).toBe('stale');
  });

  it('stays disabled automatically when all else of it changes', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint());
    await endpoints.disable(anEndpoint(), secondsLater(1));
    const renamed = anEndpoint({ disabled: true, description: 'renamed', updatedAt: secondsLater(2), revision: 3 });
    expect(await endpoints.update(renamed, anEndpoint({ disabled: true, revision: 2 }))).toBe('updated');
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual({ ...renamed, autoDisabled: true });
  });

  it('is not disabled for what was seen of it before it was enabled', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint());
    await endpoints.disable(anEndpoint(), secondsLater(1));
    const enabled = anEndpoint({ updatedAt: secondsLater(10), revision: 3 });
    expect(await endpoints.update(enabled, anEndpoint({ disabled: true, revision: 2 }))).toBe('updated');
    await endpoints.disable(anEndpoint(), secondsLater(1));
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual(enabled);
    const renamed = { ...enabled, description: 'renamed', updatedAt: secondsLater(20), revision: 4 };
    expect(await endpoints.update(renamed, enabled)).toBe('updated');
    await endpoints.disable(anEndpoint(), secondsLater(10));
    expect(await endpoints.find(ids.application, ids.endpoint)).toEqual(renamed);
    await endpoints.disable(anEndpoint(), secondsLater(11));
    expect((await endpoints.find(ids.application, ids.endpoint))?.disabled).toBe(true);
  });

  it('does nothing when it disables a missing endpoint', async () => {
    const endpoints = await create();
    await endpoints.disable(anEndpoint(), secondsLater(1));
    expect(await endpoints.find(ids.application, ids.endpoint)).toBeUndefined();
  });
}

function describeListing(create: () => Promise<EndpointRepository>): void {
  it('lists for fan-out every endpoint of the application with its filters and order', async () => {
    const endpoints = await create();
    const order = { by: '$.id', onExhausted: 'block' } as const;
    await endpoints.insert(anEndpoint({ eventTypes: ['invoice.paid'], channels: ['eu'], uid: 'billing', health }));
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 1), disabled: true, order }));
    await endpoints.insert(anEndpoint({ applicationId: nthId('application', 1), endpointId: nthId('endpoint', 2) }));
    const listed = await endpoints.listForFanOut(ids.application);
    expect(listed.toSorted((one, other) => (one.endpointId < other.endpointId ? -1 : 1))).toEqual([
      { endpointId: ids.endpoint, disabled: false, eventTypes: ['invoice.paid'], channels: ['eu'], health },
      { endpointId: nthId('endpoint', 1), disabled: true, order },
    ]);
  });

  describe('of both modes, listed ascending', () => {
    describePaging(async () => {
      const endpoints = await create();
      const rows = Array.from({ length: 7 }, (_, n) =>
        anEndpoint({
          endpointId: nthId('endpoint', n),
          metadata: { n: String(n) },
          ...(n % 3 === 0 && { order: { onExhausted: 'block' } }),
        }),
      );
      for (const row of rows) await endpoints.insert(row);
      await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 9), applicationId: nthId('application', 1) }));
      return {
        list: (page) => endpoints.listAll(ids.application, page),
        keyOf: ({ endpointId }) => endpointId,
        rows,
      };
    });
  });

  it('lists endpoints that were deleted since a time', async () => {
    const endpoints = await create();
    const all = [1, 2, 3].map((n) => anEndpoint({ endpointId: nthId('endpoint', n) }));
    const elsewhere = anEndpoint({ endpointId: nthId('endpoint', 4), applicationId: nthId('application', 1) });
    for (const endpoint of [...all, elsewhere]) await endpoints.insert(endpoint);
    for (const [n, endpoint] of [...all.slice(0, 2), elsewhere].entries())
      await endpoints.delete(endpoint, secondsLater(10 * n));
    const listed = async (seconds: number) =>
      (await endpoints.listDeleted(ids.application, secondsLater(seconds))).toSorted();
    expect(await listed(0)).toEqual([nthId('endpoint', 1), nthId('endpoint', 2)]);
    expect(await listed(10)).toEqual([nthId('endpoint', 2)]);
    expect(await listed(11)).toEqual([]);
  });

  it('lists where the endpoints of an application are, of both modes', async () => {
    const endpoints = await create();
    await endpoints.insert(anEndpoint({ uid: 'one', url: 'https://a.example/' }));
    const endpointId = nthId('endpoint', 1);
    await endpoints.insert(anEndpoint({ endpointId, disabled: true, order: { onExhausted: 'block' } }));
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 2), applicationId: nthId('application', 1) }));
    const all = [
      { url: 'https://a.example/', disabled: false },
      { url: anEndpoint().url, disabled: true },
    ];
    const list = (page: Parameters<EndpointRepository['listTargets']>[1]) =>
      endpoints.listTargets(ids.application, page);
    const whole = await list({ limit: 10 });
    expect(whole).toEqual({ targets: expect.arrayContaining(all), rowsRead: 2 });
    const first = await list({ limit: 1 });
    const second = await list({ after: first.next, limit: 10 });
    expect([first.rowsRead, second]).toEqual([1, { targets: whole.targets.slice(1), rowsRead: 1 }]);
    expect(first.targets).toEqual(whole.targets.slice(0, 1));
  });

  describe.each<EndpointMode>(['standard', 'fifo'])('in %s mode, listed descending', (mode) => {
    describePaging(async () => {
      const endpoints = await create();
      const rows = Array.from({ length: 12 }, (_, n) =>
        anEndpoint({
          endpointId: nthId('endpoint', n),
          uid: `u${n}`,
          ...(n % 2 === 1 && { order: { onExhausted: 'block' } }),
        }),
      );
      for (const row of rows) await endpoints.insert(row);
      return {
        list: (page) => endpoints.list(ids.application, { ...page, mode, order: 'descending' }),
        keyOf: ({ endpointId }) => endpointId,
        rows: rows.filter(({ order }) => (order === undefined) === (mode === 'standard')).toReversed(),
      };
    });
  });
}
