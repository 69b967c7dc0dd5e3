import type { Context } from './context.ts';

export const describeChangeEvents = (context: () => Context): void =>
  describe('a table of the user', () => {
    it('is read by a function that was deployed with it, and each change is delivered', async () => {
      const { createApplication, createEndpoint, expectSigned, orders, posthorn, receiver } = context();
      await createApplication('shop');
      const endpoint = await createEndpoint('shop');
      await orders.put('o-1', 'shop');
      await posthorn.runUntil(() => receiver.requestsTo('/shop').length > 0);
      const [request] = receiver.requestsTo('/shop');
      await expectSigned(request, 'shop', endpoint);
      expect(request?.body).toMatch(
        /"data":{"operation":"insert","keys":{"id":"o-1"},"new":{.*"total":9007199254740993.*}}}$/,
      );
    });

    it('brings along an application that does not exist', async () => {
      const { api, orders, posthorn } = context();
      await orders.put('o-2', 'newcomer');
      await posthorn.runUntil(async () => (await api('GET', '/app/newcomer/msg')).body.data?.length === 1);
    });
  });
