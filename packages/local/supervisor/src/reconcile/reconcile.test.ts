import {
  deliveryIdOf,
  firstDeliveryOf,
  type Message,
  type PlannedDelivery,
  type StoredDelivery,
  UnusableData,
} from '@posthorn/core';
import { aMessage, aStoredDelivery, ids, inMemoryDeliveries, nthId, secondsLater } from '@posthorn/testing';
import { findOverdue } from './find-overdue.ts';
import type { ReconciledEndpoint } from './judge-message.ts';
import { type Progress, type ReconcileDeps, reconcile } from './reconcile.ts';

const anEndpoint = (overrides: Partial<ReconciledEndpoint> = {}): ReconciledEndpoint => ({
  endpointId: ids.endpoint,
  disabled: false,
  updatedAt: secondsLater(0),
  ...overrides,
});
const messages = Array.from({ length: 250 }, (_, n) => aMessage({ messageId: nthId('message', n) }));
const messageId = (n: number): string => messages[n]?.messageId ?? '';
const breaker = { epoch: 1, openUntil: secondsLater(9_000), step: 1 };
const firstDelivery = (n: number) => firstDeliveryOf(aMessage({ messageId: messageId(n) }), ids.endpoint);

function aWorld(endpoints: readonly ReconciledEndpoint[], overrides: Partial<ReconcileDeps> = {}) {
  const planned: PlannedDelivery[] = [];
  const later: Message[] = [];
  const overdue: StoredDelivery[] = [];
  const pauses: number[] = [];
  const known = new Set(messages.map(({ messageId }) => messageId));
  const told: Progress[] = [];
  const deps: ReconcileDeps = {
    applications: async function* () {
      yield nthId('application', 9);
      yield ids.application;
    },
    listEndpoints: async (applicationId) => (applicationId === ids.application ? endpoints : []),
    listMessages: async (_, cursor) => {
      const start = cursor === undefined ? 0 : messages.findIndex((one) => one.messageId === cursor) + 1;
      const page = messages.slice(start, start + 100);
      const last = page.at(-1)?.messageId;
      return { messages: page, done: start + 100 >= messages.length, ...(last !== undefined && { cursor: last }) };
    },
    isAccountedFor: async (message) => known.has(message.messageId),
    listLater: async () => ({ messages: later, done: true }),
    groupOf: async ({ eventType }, { endpointId }) => `${endpointId}_${eventType}`,
    findOverdue: async function* ({ endpointId }) {
      yield* overdue.filter(({ delivery }) => delivery.endpointId === endpointId);
    },
    deadLetters: new Set(),
    plan: async (deliveries) => void planned.push(...deliveries),
    clock: () => secondsLater(9_000),
    pause: async (ms) => void pauses.push(ms),
    isDryRun: false,
    tell: (progress) => void told.push(structuredClone(progress)),
    ...overrides,
  };
  return { planned, later, overdue, pauses, known, told, run: () => reconcile(deps) };
}

describe('a reconcile', () => {
  it('plans lost deliveries as fan-out planned them, page by page, and keeps to its rate', async () => {
    const world = aWorld([anEndpoint()]);
    for (const n of [3, 4, 120]) world.known.delete(messageId(n));
    const { applications, messages: looked, missing } = await world.run();
    expect([applications, looked, missing.length]).toEqual([2, 250, 3]);
    const lost = [3, 4, 120].map((n) => ({ queue: 'standard', delivery: firstDelivery(n) }));
    expect(world.planned).toEqual(lost);
    expect(world.pauses).toEqual([20, 10]);
    expect(world.told.map((progress) => progress.messages)).toEqual([100, 200, 250, 250]);
  });

  it('plans nothing in a dry run', async () => {
    const world = aWorld([anEndpoint()], { isDryRun: true });
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toMatchObject([{ messageId: messageId(3) }]);
    expect(world.planned).toEqual([]);
  });

  it('does not count dead letters as lost', async () => {
    const dead = deliveryIdOf({ messageId: messageId(3), endpointId: ids.endpoint });
    const world = aWorld([anEndpoint()], { deadLetters: new Set([dead]) });
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toEqual([]);
  });

  it.each([
    ['was changed afterwards', { updatedAt: secondsLater(4) }, /changed afterwards/],
    ['was disabled afterwards', { updatedAt: secondsLater(4), disabled: true }, /disabled afterwards/],
  ] as const)('lists what is missing at an endpoint that %s', async (_, overrides, why) => {
    const world = aWorld([anEndpoint(overrides)]);
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toMatchObject([
      { messageId: messageId(3), endpointId: ids.endpoint, why: expect.stringMatching(why) },
    ]);
    expect(world.planned).toEqual([]);
  });

  it.each([
    ['was disabled then', { disabled: true }],
    ['does not want it', { eventTypes: ['invoice.sent'] }],
    ['was created afterwards', { endpointId: nthId('endpoint', 10) }],
  ])('does not miss what an endpoint %s', async (_, overrides) => {
    const world = aWorld([anEndpoint(overrides)]);
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toEqual([]);
  });

  it('does not miss what was expunged', async () => {
    const { body: _, ...expunged } = { ...aMessage({ messageId: messageId(3) }), expungedAt: secondsLater(60) };
    const world = aWorld([anEndpoint()], { listMessages: async () => ({ messages: [expunged], done: true }) });
    world.known.clear();
    expect((await world.run()).missing).toEqual([]);
    expect(world.planned).toEqual([]);
  });
});

describe('a reconcile of a destination', () => {
  const destination = anEndpoint({ order: { onExhausted: 'block' } });
  const inGroup = (n: number) => ({
    queue: 'fifo',
    group: `${ids.endpoint}_${messages[n]?.eventType}`,
    delivery: firstDelivery(n),
  });

  it('plans what no later message of its group has overtaken, in order, and lists the rest', async () => {
    const world = aWorld([destination]);
    for (const n of [3, 120, 248, 249]) world.known.delete(messageId(n));
    const { missing } = await world.run();
    expect(world.planned).toEqual([inGroup(248), inGroup(249)]);
    expect(missing).toEqual([
      expect.objectContaining({
        messageId: messageId(3),
        why: expect.stringContaining(`gone on with ${messageId(4)}`),
      }),
      expect.objectContaining({ messageId: messageId(120), why: expect.stringContaining(messageId(121)) }),
      expect.not.objectContaining({ why: expect.anything() }),
      expect.not.objectContaining({ why: expect.anything() }),
    ]);
  });

  it('plans what only other groups have overtaken', async () => {
    const world = aWorld([destination], {
      groupOf: async ({ messageId }) => `${ids.endpoint}_${messageId}`,
    });
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toMatchObject([{ messageId: messageId(3) }]);
    expect(world.planned).toMatchObject([{ queue: 'fifo', delivery: firstDelivery(3) }]);
  });

  it('looks at what was accepted after its time, too', async () => {
    const world = aWorld([destination]);
    const younger = aMessage({ messageId: nthId('message', 260) });
    world.known.add(younger.messageId);
    world.later.push(younger);
    world.known.delete(messageId(249));
    expect((await world.run()).missing).toMatchObject([{ why: expect.stringContaining(younger.messageId) }]);
    expect(world.planned).toEqual([]);
  });

  it('plans what is lost as well as all that follows it, but leaves what is too young to be lost', async () => {
    const world = aWorld([destination]);
    world.later.push(aMessage({ messageId: nthId('message', 260) }));
    for (const { messageId } of messages) world.known.delete(messageId);
    await world.run();
    expect(world.planned).toEqual(messages.map((_, n) => inGroup(n)));
  });

  it('lists a message with a group that cannot be found', async () => {
    const groupOf = () => Promise.reject(new UnusableData('the message is no longer stored'));
    const world = aWorld([destination], { groupOf });
    world.known.delete(messageId(3));
    expect((await world.run()).missing).toMatchObject([{ why: 'the message is no longer stored' }]);
    expect(world.planned).toEqual([]);
  });
});

describe('stored deliveries that nothing brings', () => {
  const retry = aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 3 });
  const held = aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, { messageId: messageId(7) });

  it('are planned again as they are stored', async () => {
    const world = aWorld([anEndpoint()]);
    world.overdue.push(retry, held);
    expect((await world.run()).overdue).toMatchObject([{ attemptNumber: 3 }, { messageId: messageId(7) }]);
    expect(world.planned).toEqual([
      { queue: 'standard', delivery: retry.delivery },
      { queue: 'standard', delivery: { ...held.delivery, notBefore: secondsLater(9_000) } },
    ]);
  });

  it('are only told in a dry run', async () => {
    const world = aWorld([anEndpoint()], { isDryRun: true });
    world.overdue.push(retry);
    expect((await world.run()).overdue).toHaveLength(1);
    expect(world.planned).toEqual([]);
  });

  it.each<[string, StoredDelivery, Partial<ReconciledEndpoint>, boolean]>([
    ['a retry that was due an hour ago', retry, {}, true],
    ['a retry that is due', { ...retry, delivery: { ...retry.delivery, scheduledAt: secondsLater(3_000) } }, {}, false],
    ['a retry that was just stored', { ...retry, since: secondsLater(3_000) }, {}, false],
    [
      'one that was deferred',
      { ...retry, delivery: { ...retry.delivery, notBefore: secondsLater(99_000) } },
      {},
      false,
    ],
    ['a held one', held, {}, true],
    ['a held one whose breaker is open', held, { health: { failures: 12, breaker } }, false],
    ['a held one of an endpoint that was disabled', held, { disabled: true, health: { failures: 12, breaker } }, true],
  ])('are found by their time: %s', async (_, stored, endpoint, isFound) => {
    const deliveries = inMemoryDeliveries();
    await deliveries.put(stored);
    const deps = { listDeliveries: deliveries.list, findDelivery: deliveries.find };
    const found: StoredDelivery[] = [];
    for await (const one of findOverdue(deps, anEndpoint(endpoint), secondsLater(3_700))) found.push(one);
    expect(found).toEqual(isFound ? [stored] : []);
  });
});
