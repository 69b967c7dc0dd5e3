import type { FanOutApplication } from '@posthorn/core';
import { anApplication, anEndpoint, inMemoryApplications, secondsLater } from '@posthorn/testing';
import { createOrderingStopper } from './stop-unused-ordering.ts';

const unused: FanOutApplication = { endpoints: [anEndpoint()], isPolled: false };

/** An application that is ordered, and what is read of it: one answer after the other, the last one again and again. */
async function anOrdered(...answers: readonly FanOutApplication[]) {
  const applications = inMemoryApplications();
  await applications.insert(anApplication({ orderedAt: secondsLater(1) }));
  let reads = 0;
  const readApplication = async () => {
    reads += 1;
    return answers[Math.min(reads, answers.length) - 1] ?? unused;
  };
  const stop = createOrderingStopper({
    findAccepting: (...of) => applications.findAccepting(...of),
    stopOrdering: applications.stopOrdering,
    readApplication,
  });
  return { applications, stop, orderedAt: () => applications.all()[0]?.orderedAt };
}

describe('the order of an application that is no longer polled', () => {
  it('ends if it has no destination', async () => {
    const { stop, orderedAt } = await anOrdered(unused);
    await stop(anApplication());
    await stop(anApplication());
    expect(orderedAt()).toBeUndefined();
  });

  it.each([
    ['has a destination', { ...unused, endpoints: [anEndpoint({ order: { onExhausted: 'block' } })] }],
    ['has an endpoint that cannot be read', { ...unused, endpoints: [{ endpointId: 'ep_1', unreadable: 'url' }] }],
    ['is polled again', { ...unused, isPolled: true }],
  ] as const)('goes on if it %s', async (_, read) => {
    const { stop, orderedAt } = await anOrdered(read);
    await stop(anApplication());
    expect(orderedAt()).toEqual(secondsLater(1));
  });

  it('goes on if something was created since it was read', async () => {
    const { applications, stop, orderedAt } = await anOrdered(unused);
    const { findAccepting } = applications;
    applications.findAccepting = async (...of) => {
      const found = await findAccepting(...of);
      await applications.startOrdering(anApplication(), secondsLater(9));
      return found;
    };
    await stop(anApplication());
    expect(orderedAt()).toEqual(secondsLater(1));
  });

  it('is no concern if the application is gone, or in no order', async () => {
    const { applications, stop, orderedAt } = await anOrdered(unused);
    await applications.stopOrdering(anApplication());
    await stop(anApplication());
    expect(orderedAt()).toBeUndefined();
    await applications.delete(anApplication());
    await stop(anApplication());
    expect(applications.all()).toEqual([]);
  });
});
