import { memoryStore } from '../once/memory-store.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { createReceiver } from './receiver.ts';

const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const timestamp = 1_700_000_000;
const signed = (id: string) => signedRequest({ id, secrets: [key], timestamp });
const options = { keys: key, now: () => timestamp * 1_000 };

it('runs the handler for a message, and not again once it is done', async () => {
  const handled: unknown[] = [];
  const store = memoryStore();
  const receive = createReceiver({ ...options, store, handle: (message) => handled.push(message.json()) });
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect((await receive(signed('msg_1'))).status).toBe(200);
  expect((await receive(signed('msg_2'))).status).toBe(204);
  expect(handled).toEqual([{ a: 1 }, { a: 1 }]);
});

it('answers 503 with Retry-After while another run has the message', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const receive = createReceiver({ ...options, store: memoryStore(), leaseSeconds: 7, handle: () => promise });
  const first = receive(signed('msg_1'));
  expect(await receive(signed('msg_1'))).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  resolve();
  expect((await first).status).toBe(204);
});

it('refuses a malformed key when it is made', () => {
  expect(() => createReceiver({ keys: 'secret', handle: () => undefined })).toThrow(
    expect.objectContaining({ code: 'key_invalid' }),
  );
});
