import { memoryStore } from '../once/memory-store.ts';
import { LeaseLostError, StoreError } from '../once/store.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { WebhookError } from '../webhook-error.ts';
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

it('runs the handlers of two receivers that share a store for the same message, each in its scope', async () => {
  const handled: string[] = [];
  const store = memoryStore();
  const receiverOf = (scope: string) =>
    createReceiver({ ...options, store, scope, handle: (_message, run) => handled.push(run.id) });
  for (const receive of [receiverOf('billing'), receiverOf('shipping')]) {
    expect((await receive(signed('msg_1'))).status).toBe(204);
    expect((await receive(signed('msg_1'))).status).toBe(200);
  }
  expect(handled).toEqual(['@billing msg_1', '@shipping msg_1']);
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
  ['storeTimeoutSeconds', { storeTimeoutSeconds: 0 }],
  ['scope', { scope: '' }],
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
    ['has no body', { ...request, body: undefined as unknown as Uint8Array }, 500, 'body_not_raw'],
    ['gets no bytes', { ...request, body: async () => null as unknown as Uint8Array }, 500, 'body_not_raw'],
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

it.each([
  ['header_missing', {}, 0],
  ['timestamp_too_old', signed('msg_1').headers, 301],
])('reads no body of a request that is refused with %s', async (code, headers, seconds) => {
  const body = jest.fn(async () => Buffer.from('{"a":1}'));
  const now = () => (timestamp + seconds) * 1_000;
  const receive = createReceiver({ ...options, now, handle: () => undefined, onError: () => undefined });
  expect(JSON.parse((await receive({ headers, body })).body)).toMatchObject({ code });
  expect(body).not.toHaveBeenCalled();
});

describe('a body that takes long', () => {
  const sentFor = async (seconds: number, changed: { readonly toleranceSeconds?: number } = {}) => {
    let now = timestamp * 1_000;
    const { headers, body } = signed('msg_1');
    const [handle, onError, store] = [jest.fn(), jest.fn(), memoryStore()];
    const claim = jest.spyOn(store, 'claim');
    const receive = createReceiver({ ...options, ...changed, now: () => now, store, handle, onError });
    const read = async () => {
      now += seconds * 1_000;
      return body;
    };
    return { answer: await receive({ headers, body: read }), handle, onError, claim };
  };

  it.each([
    [301, {}],
    [3 * 3_600, {}],
    [11, { toleranceSeconds: 10 }],
  ])('is refused if its message is too old at its end: after %i s with %j', async (seconds, changed) => {
    const { answer, handle, onError, claim } = await sentFor(seconds, changed);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ code: 'timestamp_too_old', detail: 'The message is too old.' });
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'timestamp_too_old' }), {
      messageId: undefined,
    });
    expect(handle).not.toHaveBeenCalled();
    expect(claim).not.toHaveBeenCalled();
  });

  it('is accepted if its message is still recent at its end', async () => {
    const { answer, handle } = await sentFor(300);
    expect(answer.status).toBe(204);
    expect(handle).toHaveBeenCalledTimes(1);
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

describe('what the handler throws is answered with 500, although it is of the kit:', () => {
  it.each([
    ['of verify', new WebhookError('signature_mismatch', 'No signature fits.')],
    ['of the JSON of another body', new WebhookError('body_not_json', 'The body is not JSON.')],
    ['of a store', new StoreError('claim', {})],
    ['of another lease', new LeaseLostError('msg_2')],
  ])('%s', async (_, thrown) => {
    const onError = jest.fn();
    const receive = createReceiver({ ...options, handle: () => Promise.reject(thrown), onError });
    expect(await receive(signed('msg_1'))).toEqual({
      status: 500,
      headers: { 'content-type': 'application/json' },
      body: '{"code":"handler_failed","detail":"The message could not be handled."}',
    });
    expect(onError.mock.calls).toEqual([[thrown, { messageId: 'msg_1' }]]);
  });
});

it('answers 400 if the body of the message itself is not JSON: no try will change that', async () => {
  const receive = createReceiver({ ...options, handle: (message) => message.json(), onError: () => undefined });
  const answer = await receive(signedRequest({ body: 'order=1', secrets: [key], timestamp }));
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 'body_not_json']);
});

it('tells a stranger neither the kinds of its keys nor its time', async () => {
  const otherKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
  for (const [code, changed] of Object.entries({
    timestamp_too_old: { now: () => (timestamp + 1_234) * 1_000 },
    timestamp_too_new: { now: () => (timestamp - 1_234) * 1_000 },
    no_usable_signature: { keys: otherKey },
  })) {
    const onError = jest.fn();
    const answer = await createReceiver({ ...options, ...changed, handle: () => undefined, onError })(signed('msg_1'));
    expect(JSON.parse(answer.body)).toEqual({ code, detail: expect.not.stringMatching(/\d|v1/) });
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/1234 s|v1a/);
  }
});

describe('an async onError', () => {
  const failing = (onError: () => Promise<void>) =>
    createReceiver({ ...options, handle: () => Promise.reject(new Error('not yet')), onError })(signed('msg_1'));

  it('has reported before the answer is there', async () => {
    let isReported = false;
    const answer = await failing(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isReported = true;
    });
    expect([answer.status, isReported]).toEqual([500, true]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no connection'))],
    ['never ends', () => new Promise<void>(() => undefined)],
  ])('holds up no answer if it %s', async (_, onError) => {
    jest.useFakeTimers();
    try {
      const answered = failing(onError);
      await jest.advanceTimersByTimeAsync(3_000);
      expect(await answered).toMatchObject({ status: 500 });
    } finally {
      jest.useRealTimers();
    }
  });
});

it.each([
  ['claim', 0],
  ['complete', 1],
] as const)('answers 503 if the store fails to %s', async (step, runs) => {
  const store = { ...memoryStore(), [step]: () => Promise.reject(new Error('no connection to 10.0.0.7')) };
  const handle = jest.fn();
  const onError = jest.fn();
  const answer = await createReceiver({ ...options, store, handle, onError })(signed('msg_1'));
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([503, 'store_failed']);
  // Without the header, the sender waits longer.
  expect(answer.headers).not.toHaveProperty('retry-after');
  expect(answer.body).not.toContain('10.0.0.7');
  expect(handle).toHaveBeenCalledTimes(runs);
  expect(onError).toHaveBeenCalledWith(expect.any(StoreError), { messageId: 'msg_1' });
});

it('answers 503 if another run has taken the message, since that one can still fail', async () => {
  const store = { ...memoryStore(), complete: async () => false };
  const onError = jest.fn();
  const answer = await createReceiver({ ...options, store, handle: () => undefined, onError })(signed('msg_1'));
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect(JSON.parse(answer.body).code).toBe('in_progress');
  expect(onError).toHaveBeenCalledWith(expect.any(LeaseLostError), { messageId: 'msg_1' });
});

it('runs the handler for each request if there is no store', async () => {
  const handle = jest.fn();
  const receive = createReceiver({ ...options, handle });
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect((await receive(signed('msg_1'))).status).toBe(204);
  expect(handle).toHaveBeenCalledTimes(2);
});
