import { type Context, twoHoursMs } from './context.ts';

const releaseDue = 'posthorn-queue-workers-test-releaseDueDeliveries';

export const describeDelivery = (context: () => Context): void =>
  describe('what was deployed', () => {
    it('accepts a message, fans it out, and delivers it signed', async () => {
      const { createApplication, create, createEndpoint, postMessage, posthorn, arrivals, expectSigned } = context();
      await createApplication('signed');
      await create('/event-type', { name: 'order.paid', description: 'An order was paid' });
      const settings = { eventTypes: ['order.paid'], headers: { 'x-tenant': 'one' } };
      const endpoint = await createEndpoint('signed', settings);
      await postMessage('signed', { order: 1 });
      await postMessage('signed', { order: 2 }, 'order.refunded');
      await posthorn.runUntil(() => arrivals('signed').length > 0);
      const [request] = arrivals('signed', { order: 1 });
      await expectSigned(request, 'signed', endpoint);
      expect(request?.headers['x-tenant']).toBe('one');
      expect(arrivals('signed', { order: 2 })).toEqual([]);
    });

    it('accepts a message once for one idempotency key', async () => {
      const { api } = context();
      const message = { eventType: 'order.paid', payload: { once: true }, eventId: 'once' };
      const post = () => api('POST', '/app/signed/msg', message, { 'idempotency-key': 'once' });
      const [first, second] = [await post(), await post()];
      expect([first.status, second.status, second.body.id]).toEqual([202, 202, first.body.id]);
    });

    it('delivers a body that is larger than one item of the table', async () => {
      const { postMessage, posthorn, arrivals } = context();
      const payload = { text: 'x'.repeat(700_000) };
      await postMessage('signed', payload);
      await posthorn.runUntil(() => arrivals('signed', payload).length > 0);
    });

    it('tries again, from the queue and then from the table of due deliveries', async () => {
      const { createApplication, createEndpoint, receiver, postMessage, posthorn, arrivals, api } = context();
      await createApplication('retried');
      const endpoint = await createEndpoint('retried');
      receiver.respond('/retried', () => ({ status: arrivals('retried').length < 4 ? 500 : 200 }));
      const message = await postMessage('retried', { retried: true });
      await posthorn.runUntil(() => arrivals('retried').length === 3);
      await posthorn.invoke(releaseDue, {});
      await posthorn.invoke(releaseDue, {}, twoHoursMs);
      await posthorn.runUntil(() => arrivals('retried').length === 4);
      for (const request of arrivals('retried')) {
        await context().expectSigned(request, 'retried', endpoint);
        expect(request.headers['webhook-id']).toBe(message);
      }
      const attempts = await api('GET', `/app/retried/attempt/msg/${message}`);
      expect(attempts.body.data.map(({ status }) => status)).toEqual([0, 2, 2, 2]);
    });

    it('delivers to a destination in order despite a failure, from its first message on', async () => {
      const { createApplication, createDestination, receiver, postMessage, posthorn, arrivals } = context();
      await createApplication('ordered');
      // The function that accepts messages remembers for a while that this application has no destination.
      await postMessage('ordered', { n: 0 });
      await createDestination('ordered', { metadata: { orderBy: '$.group' } });
      receiver.respond('/ordered', () => ({ status: arrivals('ordered').length === 1 ? 503 : 200 }));
      for (const n of [1, 2, 3]) await postMessage('ordered', { group: 'a', n });
      await posthorn.runUntil(() => arrivals('ordered', { group: 'a', n: 3 }).length === 1);
      const group = arrivals('ordered').map(({ body }) => JSON.parse(body).n);
      expect(group.filter((n) => n > 0)).toEqual([1, 1, 2, 3]);
    });

    it('accepts rows of the outbox in order, removes them, and sets aside what it cannot accept', async () => {
      const { createApplication, createDestination, posthorn, arrivals } = context();
      await createApplication('outbox');
      await createDestination('outbox', { metadata: { orderBy: 'orderingKey' } });
      const put = (application: string, n: number) =>
        posthorn.putInOutbox({
          application,
          eventType: 'order.paid',
          payload: { n },
          orderingKey: 'order-1',
          eventId: `paid-${n}`,
        });
      for (const n of [1, 2]) await put('outbox', n);
      await put('nowhere', 0);
      await put('outbox', 3);
      await posthorn.runUntil(() => arrivals('outbox').length === 3);
      expect(arrivals('outbox').map(({ body }) => JSON.parse(body).n)).toEqual([1, 2, 3]);
      await posthorn.runUntil(async () =>
        (await posthorn.receive('stream-failures')).some((notice) => notice.includes('Application not found')),
      );
      expect(await posthorn.countItems('outbox')).toBe(1);
    });

    it('sends a message again when asked, and counts attempts', async () => {
      const { createApplication, createEndpoint, postMessage, posthorn, arrivals, api } = context();
      await createApplication('resent');
      const endpoint = await createEndpoint('resent');
      const message = await postMessage('resent', { resent: true });
      await posthorn.runUntil(() => arrivals('resent').length === 1);
      expect((await api('POST', `/app/resent/msg/${message}/endpoint/${endpoint}/resend`)).status).toBe(202);
      await posthorn.runUntil(() => arrivals('resent').length === 2);
      await posthorn.runUntil(async () => {
        const { body } = await api('GET', `/app/resent/endpoint/${endpoint}/stats`);
        return body.success === 2 && body.fail === 0;
      });
    });

    it('disables an endpoint that is gone', async () => {
      const { createApplication, createEndpoint, receiver, postMessage, posthorn, api } = context();
      await createApplication('gone');
      const endpoint = await createEndpoint('gone');
      receiver.respond('/gone', () => ({ status: 410 }));
      await postMessage('gone', {});
      await posthorn.runUntil(async () => (await api('GET', `/app/gone/endpoint/${endpoint}`)).body.disabled);
    });

    it('disables a destination that is gone', async () => {
      const { createApplication, createDestination, receiver, postMessage, posthorn, api } = context();
      await createApplication('gone-in-order');
      const destination = await createDestination('gone-in-order');
      receiver.respond('/gone-in-order', () => ({ status: 410 }));
      await postMessage('gone-in-order', {});
      const path = `/app/gone-in-order/destination/${destination}`;
      await posthorn.runUntil(async () => (await api('GET', path)).text.includes('"status":"disabled"'));
    });

    it.each([
      ['deliveries', 'deliveries-dead-letters'],
      ['deliveries.fifo', 'deliveries-dead-letters.fifo'],
    ] as const)('moves what is not a job from %s to %s', async (queue, deadLetters) => {
      const { posthorn } = context();
      await posthorn.sendToQueue(queue, 'not a job');
      await posthorn.runUntil(async () => (await posthorn.receive(deadLetters)).includes('not a job'));
    });
  });
