import { aDelivery, aKey, type Delivery } from '../testing/a-delivery.ts';
import { promisesOfAdapter } from '../testing/adapter-promises.ts';
import { createFetchReceiver } from './fetch.ts';

const toRequest = ({ method, headers, body }: Delivery): Request => {
  const init = { method, headers: headers.map(([name, value]): [string, string] => [name, value]) };
  return new Request('http://localhost/webhooks', body.byteLength === 0 ? init : { ...init, body });
};

promisesOfAdapter('createFetchReceiver', async (options) => {
  const receive = createFetchReceiver(options);
  return {
    send: async (delivery) => {
      const response = await receive(toRequest(delivery));
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
  };
});

const heard: unknown[] = [];
const handled: string[] = [];
const receive = createFetchReceiver({
  keys: aKey,
  maxBodyBytes: 10_000,
  handle: ({ id }) => handled.push(id),
  onError: (error) => heard.push(error),
});
beforeEach(() => {
  heard.length = 0;
  handled.length = 0;
});

/** A request whose body is what a stream gives. */
const streamed = (body: ReadableStream<Uint8Array>): Request => {
  const { method, headers } = toRequest(aDelivery());
  return new Request('http://localhost/webhooks', { method, headers, body, duplex: 'half' });
};

it.each(['json', 'text', 'arrayBuffer'] as const)(
  'says what to do if %s() has read the body before',
  async (method) => {
    const request = toRequest(aDelivery());
    await request[method]();
    const response = await receive(request);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: 'body_not_raw',
      detail: expect.stringContaining('before anything calls'),
    });
  },
);

it('says so too if something is reading the body', async () => {
  const request = toRequest(aDelivery());
  request.body?.getReader();
  expect((await receive(request)).status).toBe(500);
});

it('reads no more of an endless body than its limit, and cancels it', async () => {
  let pulled = 0;
  let isCanceled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel: () => {
      isCanceled = true;
    },
  });
  expect((await receive(streamed(endless))).status).toBe(413);
  expect(isCanceled).toBe(true);
  expect(pulled).toBeLessThan(20);
});

it('runs no handler when the sender goes away within the body', async () => {
  let pulled = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      if (pulled === 1) controller.enqueue(new TextEncoder().encode('{"a"'));
      else controller.error(new Error('reset'));
    },
  });
  const response = await receive(streamed(broken));
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'body_incomplete' }]);
  expect(handled).toEqual([]);
  expect(heard).toEqual([expect.objectContaining({ code: 'body_incomplete', cause: new Error('reset') })]);
});
