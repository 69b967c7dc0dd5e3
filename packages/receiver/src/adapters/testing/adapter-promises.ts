import { memoryStore } from '../../once/memory-store.ts';
import type { OnceStore } from '../../once/store.ts';
import type { ReceiveOptions } from '../../receive/receiver.ts';
import type { VerifiedMessage } from '../../verify/verified-message.ts';
import { aDelivery, aKey, type Delivery, everyByte } from './a-delivery.ts';

export interface AdapterAnswer {
  readonly status: number;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests to a program that was made with an adapter. */
export interface AdapterUnderTest {
  send(delivery: Delivery): Promise<AdapterAnswer>;
  stop?(): Promise<void>;
}

/** Makes a program that receives with these options. Refuses malformed options. */
export type StartAdapter = (options: ReceiveOptions) => Promise<AdapterUnderTest>;

type Refusal = [name: string, delivery: Delivery, status: number, code: string, headers: Record<string, string>];
type Heard = readonly [error: unknown, about: unknown];

export interface AdapterTraits {
  readonly refusesOtherMethods?: boolean;
  readonly seesRepeatedHeaders?: boolean;
}

/**
 * What every adapter must do, whatever it adapts to.
 *
 * @param refusesOtherMethods - false if only requests with POST reach the adapter
 * @param seesRepeatedHeaders - false if what the adapter gets has the last value of a repeated header only
 */
export function promisesOfAdapter(
  name: string,
  start: StartAdapter,
  { refusesOtherMethods = true, seesRepeatedHeaders = true }: AdapterTraits = {},
): void {
  describe(name, () => {
    const running: AdapterUnderTest[] = [];
    const heard: Heard[] = [];
    const handled: VerifiedMessage[] = [];
    const unhandled: unknown[] = [];
    const noteUnhandled = (error: unknown) => unhandled.push(error);

    const startWith = async (options: Partial<ReceiveOptions> = {}) => {
      const adapter = await start({
        keys: aKey,
        handle: (message) => handled.push(message),
        onError: (error, about) => heard.push([error, about]),
        ...options,
      });
      running.push(adapter);
      return adapter;
    };

    beforeAll(() => process.on('unhandledRejection', noteUnhandled));
    beforeEach(() => {
      heard.length = 0;
      handled.length = 0;
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((adapter) => adapter.stop?.()));
      expect(unhandled).toEqual([]);
    });
    afterAll(() => process.off('unhandledRejection', noteUnhandled));

    it.each<[string, string | Buffer]>([
      ['JSON', '{"b": 1.0,  "a": "\\u00e9 é 💡"}\n'],
      ['bytes that are not UTF-8', everyByte],
      ['a body of the greatest length', Buffer.alloc(1_048_576, 'é')],
    ])('gives the handler the very bytes that were sent: %s', async (_, body) => {
      const { send } = await startWith();
      expect(await send(aDelivery({ body, contentType: 'application/octet-stream' }))).toMatchObject({
        status: 204,
        body: '',
      });
      expect(handled.map((message) => [message.id, message.body.equals(Buffer.from(body))])).toEqual([['msg_1', true]]);
      expect(heard).toEqual([]);
    });

    it.each([
      ['application/json; charset=utf-8'],
      ['application/json;charset="utf-8"; profile=x'],
      ['application/cloudevents+json'],
      ['text/plain; charset=iso-8859-1'],
      ['application/x-www-form-urlencoded'],
      ['multipart/form-data; boundary=x'],
      ['no media type'],
      [null],
    ])('takes a body of any content type: %s', async (contentType) => {
      const { send } = await startWith();
      expect(await send(aDelivery({ contentType }))).toMatchObject({ status: 204 });
      expect(handled.map((message) => message.json())).toEqual([{ a: 1 }]);
    });

    const unsigned: Delivery = { ...aDelivery(), headers: [['content-type', 'application/json']] };
    const changed: Delivery = { ...aDelivery(), body: Buffer.from('{"a":2}') };
    const tooLarge = aDelivery({ body: Buffer.alloc(1_048_577, ' ') });
    const twice = (header: string): Delivery => {
      const delivery = aDelivery();
      return {
        ...delivery,
        headers: [...delivery.headers, ...delivery.headers.filter(([other]) => other.toLowerCase() === header)],
      };
    };

    const repeated: Refusal[] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((header) => [
      `two headers ${header}`,
      twice(header),
      400,
      'header_repeated',
      {},
    ]);

    const otherMethod: Refusal = [
      'another method',
      aDelivery({ method: 'PUT' }),
      405,
      'method_not_allowed',
      { allow: 'POST' },
    ];

    it.each<Refusal>([
      ['a request without signature', unsigned, 400, 'header_missing', {}],
      ['a changed body', changed, 401, 'signature_mismatch', {}],
      ['one byte more than the greatest length', tooLarge, 413, 'body_too_large', {}],
      ...(seesRepeatedHeaders ? repeated : []),
      [
        'a compressed body',
        aDelivery({ moreHeaders: [['Content-Encoding', 'gzip']] }),
        415,
        'body_encoded',
        { 'accept-encoding': 'identity' },
      ],
      ...(refusesOtherMethods ? [otherMethod] : []),
    ])('refuses %s, and tells onError once', async (_, delivery, status, code, headers) => {
      const { send } = await startWith();
      const answer = await send(delivery);
      expect(answer).toMatchObject({
        status,
        headers: { 'content-type': expect.stringMatching(/^application.json/), ...headers },
      });
      expect(JSON.parse(answer.body)).toMatchObject({ code });
      expect(heard).toEqual([[expect.objectContaining({ code }), expect.anything()]]);
      expect(handled).toEqual([]);
    });

    it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
      const { send } = await startWith();
      const answer = await send({ method, headers: [], body: Buffer.alloc(0) });
      expect(answer).toMatchObject(refusesOtherMethods ? { status: 405, headers: { allow: 'POST' } } : { status: 404 });
      expect(handled).toEqual([]);
    });

    it('says identity is no encoding', async () => {
      const { send } = await startWith();
      expect(await send(aDelivery({ moreHeaders: [['content-encoding', 'identity']] }))).toMatchObject({ status: 204 });
    });

    it('has the limit that the options say', async () => {
      const { send } = await startWith({ maxBodyBytes: 7 });
      expect(await send(aDelivery({ body: '1234567' }))).toMatchObject({ status: 204 });
      expect(await send(aDelivery({ body: '12345678' }))).toMatchObject({ status: 413 });
    });

    it('refuses a malformed key when it starts', async () => {
      await expect(startWith({ keys: 'whsec_!' })).rejects.toMatchObject({ code: 'key_invalid' });
    });

    it.each<[string, unknown]>([
      ['an error', new Error('the database is down')],
      ['a text', 'no error at all'],
      ['nothing', undefined],
    ])('answers 500 when the handler throws %s, and tells onError once, with the id', async (_, thrown) => {
      const { send } = await startWith({ handle: () => Promise.reject(thrown) });
      const answer = await send(aDelivery({ id: 'msg_7' }));
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('database');
      expect(heard).toEqual([[thrown, { messageId: 'msg_7' }]]);
    });

    it('answers also if onError throws', async () => {
      const onError = async () => {
        throw new Error('the log is full');
      };
      const { send } = await startWith({ onError, handle: () => Promise.reject(new Error('broken')) });
      expect(await send(aDelivery())).toMatchObject({ status: 500 });
    });

    describe('with a store', () => {
      it('answers 200 for a message that is done, without running the handler again', async () => {
        const { send } = await startWith({ store: memoryStore() });
        expect(await send(aDelivery())).toMatchObject({ status: 204 });
        expect(await send(aDelivery())).toMatchObject({ status: 200 });
        expect(await send(aDelivery({ id: 'msg_2' }))).toMatchObject({ status: 204 });
        expect(handled.map(({ id }) => id)).toEqual(['msg_1', 'msg_2']);
      });

      it('answers 503 with Retry-After while another run has the message', async () => {
        const started = Promise.withResolvers<void>();
        const finished = Promise.withResolvers<void>();
        const handle = () => {
          started.resolve();
          return finished.promise;
        };
        const { send } = await startWith({ store: memoryStore(), leaseSeconds: 60, handle });
        const first = send(aDelivery());
        await started.promise;
        const second = await send(aDelivery());
        expect(second.status).toBe(503);
        expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
        finished.resolve();
        expect(await first).toMatchObject({ status: 204 });
      });

      it('gives a message back when the handler throws, so that the next try runs it', async () => {
        let attempts = 0;
        const handle = () => {
          attempts += 1;
          if (attempts === 1) throw new Error('not yet');
        };
        const { send } = await startWith({ store: memoryStore(), handle });
        expect(await send(aDelivery())).toMatchObject({ status: 500 });
        expect(await send(aDelivery())).toMatchObject({ status: 204 });
        expect(attempts).toBe(2);
      });

      it('answers 503 when the store is down, before and after the handler', async () => {
        const down = () => Promise.reject(new Error('no connection'));
        const store = memoryStore();
        const stores: OnceStore[] = [
          { ...store, claim: down },
          { ...store, complete: down },
        ];
        for (const failing of stores) {
          const { send } = await startWith({ store: failing });
          expect(await send(aDelivery())).toMatchObject({ status: 503 });
        }
        expect(handled).toHaveLength(1);
        expect(heard).toHaveLength(2);
      });
    });
  });
}
