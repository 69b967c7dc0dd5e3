import { memoryStore } from '../once/memory-store.ts';
import { LeaseLostError, StoreError } from '../once/store.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { createReceiver } from './receiver.ts';

const { jest } = import.meta;

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

it.each([
  ['leaseSeconds', { leaseSeconds: 0 }],
  ['toleranceSeconds', { toleranceSeconds: Number.NaN }],
  ['maxBodyBytes', { maxBodyBytes: -1 }],
])('refuses a wrong %s when it is made', (name, wrong) => {
  expect(() => createReceiver({ ...options, ...wrong, handle: () => undefined })).toThrow(
    expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(name) }),
  );
});

describe('a request that is not handled', () => {
  const request = signed('msg_1');
  const tooLarge = { ...request, body: new Uint8Array(1_048_577) };
  it.each([
    ['has a wrong signature', { ...request, body: Buffer.from('{"a":2}') }, 401, 'signature_mismatch'],
    ['has no signature', { ...request, headers: {} }, 400, 'header_missing'],
    ['has a large body', tooLarge, 413, 'body_too_large'],
    [
      'has a body that cannot be read',
      { ...request, body: () => Promise.reject(new Error('gone')) },
      500,
      'handler_failed',
    ],
    ['was parsed before', { ...request, body: { a: 1 } as unknown as Uint8Array }, 500, 'body_not_raw'],
  ])('%s: no store and no handler sees it', async (_, given, status, code) => {
    const handle = jest.fn();
    const onError = jest.fn();
    const store = memoryStore();
    const claim = jest.spyOn(store, 'claim');
    const answer = await createReceiver({ ...options, store, handle, onError })(given);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code]);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledWith(expect.any(Error), { messageId: undefined });
    expect(handle).not.toHaveBeenCalled();
    expect(claim).not.toHaveBeenCalled();
  });
});

it('answers 500 if the handler throws, tells nothing of why, and runs it at the next try', async () => {
  const onError = jest.fn();
  const secret = new Error('password of the database');
  const handle = jest.fn().mockRejectedValueOnce(secret);
  const receive = createReceiver({ ...options, store: memoryStore(), handle, onError });
  const failed = await receive(signed('msg_1'));
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed)).not.toContain('password');
  expect(onError.mock.calls).toEqual([[secret, { messageId: 'msg_1' }]]);
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect(handle).toHaveBeenCalledTimes(2);
});

it.each([
  ['claim', 0],
  ['complete', 1],
] as const)('answers 503 if the store fails to %s', async (step, runs) => {
  const store = { ...memoryStore(), [step]: () => Promise.reject(new Error('no connection to 10.0.0.7')) };
  const handle = jest.fn();
  const onError = jest.fn();
  const answer = await createReceiver({ ...options, store, handle, onError })(signed('msg_1'));
  expect(answer.status).toBe(503);
  expect(answer.body).not.toContain('10.0.0.7');
  expect(handle).toHaveBeenCalledTimes(runs);
  expect(onError).toHaveBeenCalledWith(expect.any(StoreError), { messageId: 'msg_1' });
});

it('answers 503 if another run has taken the message, since that one can still fail', async () => {
  const store = { ...memoryStore(), complete: async () => false };
  const onError = jest.fn();
  const answer = await createReceiver({ ...options, store, handle: () => undefined, onError })(signed('msg_1'));
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect(onError).toHaveBeenCalledWith(expect.any(LeaseLostError), { messageId: 'msg_1' });
});

it('runs the handler for each request if there is no store', async () => {
  const handle = jest.fn();
  const receive = createReceiver({ ...options, handle });
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect(handle).toHaveBeenCalledTimes(2);
});
