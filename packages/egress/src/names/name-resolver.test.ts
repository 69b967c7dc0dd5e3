import { setImmediate as turn } from 'node:timers/promises';
import type { UnreachableReason } from '@posthorn/core';
import { Unreachable } from '../failure/unreachable.ts';
import { firstWaitMs } from './failure-memory.ts';
import { createNameResolver, maxRememberedNames } from './name-resolver.ts';
import type { NameAnswer } from './query-name-servers.ts';

const address = { address: '192.0.2.1', family: 4 };
const found: NameAnswer = { addresses: [address], ttlSeconds: 30 };

/** A resolver whose queries are answered by the test, one after the other. */
function aResolver(hosts: Readonly<Record<string, string>> = {}) {
  const clock = { ms: 1_000 };
  const waits: (() => void)[] = [];
  const asked: { readonly name: string; answer(answer: NameAnswer): void; fail(error: Error): void }[] = [];
  const resolve = createNameResolver({
    query: (name) => new Promise((answer, fail) => asked.push({ name, answer, fail })),
    findInHostsFile: async (name) => {
      const host = hosts[name];
      return host === undefined ? [] : [{ address: host, family: 4 }];
    },
    shortWait: () => new Promise((resolve) => waits.push(() => resolve(undefined))),
    now: () => clock.ms,
  });
  return {
    clock,
    asked,
    /** Ends the short waits so far. */
    endWaits: async () => {
      await turn();
      for (const end of waits.splice(0)) end();
      await turn();
    },
    names: () => asked.map(({ name }) => name),
    find: (name: string) => resolve(name),
  };
}
const silent = (reason: UnreachableReason = 'name-server-silent') => new Unreachable(reason);

describe('a name', () => {
  it('is taken from the hosts file without a query, with or without a dot at its end', async () => {
    const { find, asked } = aResolver({ 'db.internal': '10.0.0.1' });
    expect(await find('db.internal')).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(await find('db.internal.')).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(asked).toEqual([]);
  });

  it.each(['localhost', 'LOCALHOST', 'a.localhost', 'localhost.'])('%s is this machine', async (name) => {
    const { find, asked } = aResolver();
    expect((await find(name)).map((found) => found.address)).toEqual(['127.0.0.1', '::1']);
    expect(asked).toEqual([]);
  });

  it('is looked up once for attempts at the same time, and remembered for its time to live', async () => {
    const { find, asked, names, clock } = aResolver();
    const both = Promise.all([find('a.example'), find('a.example.')]);
    await turn();
    asked[0]?.answer(found);
    expect(await both).toEqual([[address], [address]]);
    clock.ms += 29_999;
    expect(await find('a.example')).toEqual([address]);
    expect(names()).toEqual(['a.example']);
    clock.ms += 1;
    void find('a.example');
    await turn();
    expect(names()).toEqual(['a.example', 'a.example']);
  });

  it.each([
    ['no time to live', { ...found, ttlSeconds: 0 }, 0],
    ['a day to live, after a minute', { ...found, ttlSeconds: 86_400 }, 60_000],
    ['very many addresses', { ...found, addresses: Array.from({ length: 33 }, () => address) }, 0],
  ])('with %s is looked up again', async (_, answer, elapsedMs) => {
    const { find, asked, clock } = aResolver();
    const first = find('a.example');
    await turn();
    asked[0]?.answer(answer);
    expect(await first).toEqual(answer.addresses);
    clock.ms += elapsedMs;
    void find('a.example');
    await turn();
    expect(asked).toHaveLength(2);
  });

  it('that failed fails again without a query, for a few seconds', async () => {
    const { find, asked, clock } = aResolver();
    const first = find('dead.example');
    await turn();
    asked[0]?.fail(silent());
    await expect(first).rejects.toMatchObject({ reason: 'name-server-silent' });
    clock.ms += firstWaitMs - 1;
    await expect(find('dead.example')).rejects.toMatchObject({ reason: 'name-server-silent' });
    expect(asked).toHaveLength(1);
  });

  it('that failed before holds up one attempt for a moment; the lookup goes on and is remembered', async () => {
    const { find, asked, clock, endWaits } = aResolver();
    const first = find('dead.example');
    await turn();
    asked[0]?.fail(silent());
    await expect(first).rejects.toThrow();
    clock.ms += firstWaitMs;
    const second = find('dead.example');
    await turn();
    await expect(find('dead.example')).rejects.toMatchObject({ reason: 'name-server-silent' });
    await endWaits();
    await expect(second).rejects.toMatchObject({ reason: 'name-server-silent' });
    expect(asked).toHaveLength(2);
    asked[1]?.answer(found);
    await turn();
    expect(await find('dead.example')).toEqual([address]);
    expect(asked).toHaveLength(2);
  });

  it('that failed before and is found at once again is called', async () => {
    const { find, asked, clock } = aResolver();
    const first = find('back.example');
    await turn();
    asked[0]?.fail(silent('name-not-found'));
    await expect(first).rejects.toThrow();
    clock.ms += firstWaitMs;
    const second = find('back.example');
    await turn();
    asked[1]?.answer(found);
    expect(await second).toEqual([address]);
  });

  it.each([
    ['is slow', async ({ endWaits }: ReturnType<typeof aResolver>) => endWaits()],
    ['fails', async ({ asked }: ReturnType<typeof aResolver>) => asked[1]?.fail(silent('name-server-failed'))],
  ])('keeps its old address if its renewal %s', async (_, happen) => {
    const resolver = aResolver();
    const { find, asked, clock } = resolver;
    const first = find('a.example');
    await turn();
    asked[0]?.answer(found);
    await first;
    clock.ms += 30_000;
    const second = find('a.example');
    await turn();
    await happen(resolver);
    expect(await second).toEqual([address]);
    expect(await find('a.example')).toEqual([address]);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, UnreachableReason, number]>([
    ['does not exist any more', 'name-not-found', 30_000],
    ['was found too long ago', 'name-server-silent', 630_000],
  ])('that %s does not keep its old address', async (_, reason, elapsedMs) => {
    const { find, asked, clock } = aResolver();
    const first = find('a.example');
    await turn();
    asked[0]?.answer(found);
    await first;
    clock.ms += elapsedMs;
    for (const expected of [2, 2]) {
      const next = find('a.example');
      next.catch(() => undefined);
      await turn();
      asked[1]?.fail(silent(reason));
      await expect(next).rejects.toMatchObject({ reason });
      expect(asked).toHaveLength(expected);
    }
  });

  it('that takes long holds up one attempt, and no other', async () => {
    const { find, asked, endWaits } = aResolver();
    const first = find('slow.example');
    await turn();
    const second = find('slow.example');
    second.catch(() => undefined);
    await endWaits();
    await expect(second).rejects.toMatchObject({ reason: 'name-server-silent' });
    await expect(find('slow.example')).rejects.toMatchObject({ reason: 'name-server-silent' });
    asked[0]?.answer(found);
    expect(await first).toEqual([address]);
    expect(await find('slow.example')).toEqual([address]);
    expect(asked).toHaveLength(1);
  });

  it('that takes long at the same time as another one holds up its attempts for a moment; its lookup goes on', async () => {
    const { find, asked, endWaits } = aResolver();
    const dead = find('dead.example');
    await turn();
    const slow = find('slow.example');
    slow.catch(() => undefined);
    await endWaits();
    await expect(slow).rejects.toMatchObject({ reason: 'name-server-silent' });
    asked[1]?.answer(found);
    await turn();
    expect(await find('slow.example')).toEqual([address]);
    asked[0]?.fail(silent());
    await expect(dead).rejects.toMatchObject({ reason: 'name-server-silent' });
    const next = find('next.example');
    await endWaits();
    asked[2]?.answer(found);
    expect(await next).toEqual([address]);
  });

  it('does not delay the lookup of another name', async () => {
    const { find, asked } = aResolver();
    void find('dead.example');
    const healthy = find('healthy.example');
    await turn();
    asked[1]?.answer(found);
    expect(await healthy).toEqual([address]);
  });

  it('does not count as failed after a fault of our own', async () => {
    const { find, asked } = aResolver();
    const first = find('a.example');
    await turn();
    asked[0]?.fail(new TypeError('a fault'));
    await expect(first).rejects.toThrow(TypeError);
    const second = find('a.example');
    await turn();
    asked[1]?.answer(found);
    expect(await second).toEqual([address]);
  });

  it('is forgotten if there are too many', async () => {
    const { find, asked } = aResolver();
    const all = Array.from({ length: maxRememberedNames + 1 }, (_, n) => find(`${n}.example`));
    await turn();
    for (const query of asked.splice(0)) query.answer(found);
    await Promise.all(all);
    await find(`${maxRememberedNames}.example`);
    expect(asked).toEqual([]);
    void find('0.example');
    await turn();
    expect(asked).toHaveLength(1);
  });
});
