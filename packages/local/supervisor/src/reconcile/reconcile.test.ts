import { type Delivery, deliveryIdOf, firstDeliveryOf } from '@posthorn/core';
import { aMessage, ids, nthId, secondsLater } from '@posthorn/testing';
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

function aWorld(endpoints: readonly ReconciledEndpoint[], overrides: Partial<ReconcileDeps> = {}) {
  const planned: Delivery[] = [];
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
    deadLetters: new Set(),
    plan: async (deliveries) => void planned.push(...deliveries),
    pause: async (ms) => void pauses.push(ms),
    isDryRun: false,
    tell: (progress) => void told.push(structuredClone(progress)),
    ...overrides,
  };
  return { planned, pauses, known, told, run: () => reconcile(deps) };
}

describe('a reconcile', () => {
  it('plans lost deliveries as fan-out planned them, page by page, and keeps to its rate', async () => {
    const world = aWorld([anEndpoint()]);
    for (const n of [3, 4, 120]) world.known.delete(messageId(n));
    const { applications, messages: looked, missing } = await world.run();
    expect([applications, looked, missing.length]).toEqual([2, 250, 3]);
    const lost = [3, 4, 120].map((n) => firstDeliveryOf(aMessage({ messageId: messageId(n) }), ids.endpoint));
    expect(world.planned).toEqual(lost);
    expect(world.pauses).toEqual([20, 10]);
    expect(world.told.map((progress) => progress.messages)).toEqual([100, 200, 250]);
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
    ['is a destination', { order: { onExhausted: 'block' } }, /out of order/],
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
});
