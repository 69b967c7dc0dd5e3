import { memoryStore } from '../../once/memory-store.ts';
import type { OnceStore } from '../../once/store.ts';
import type { ReceiveOptions } from '../../receive/receiver.ts';
import type { VerifiedMessage } from '../../verify/verified-message.ts';
import { aDelivery, aKey } from './a-delivery.ts';
import { type AdapterTraits, promisesOfAdapter, type StartAdapter } from './adapter-promises.ts';
import { connectTo, sendOverHttp, writeHead } from './http-client.ts';
import { until } from './until.ts';

export interface ServerUnderTest {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Makes a server that receives at `/webhooks`, and has another route at `/webhooks/other` and `/orders` that answers with
 * `{"received": …}`, the JSON that it got.
 */
export type StartServer = (options: ReceiveOptions) => Promise<ServerUnderTest>;

/** What an adapter to a server must do beside what every adapter must: it reads from connections. */
export function promisesOfServer(name: string, start: StartServer, traits?: AdapterTraits): void {
  const startAdapter: StartAdapter = async (options) => {
    const { port, stop } = await start(options);
    return { send: (delivery) => sendOverHttp(port, delivery), stop };
  };
  promisesOfAdapter(name, startAdapter, traits);

  describe(`${name}: connections`, () => {
    const handled: VerifiedMessage[] = [];
    const heard: unknown[] = [];
    let server: ServerUnderTest;
    beforeAll(async () => {
      server = await start({
        keys: aKey,
        maxBodyBytes: 100_000,
        handle: (message) => handled.push(message),
        onError: (error) => heard.push(error),
      });
    });
    beforeEach(() => {
      handled.length = 0;
      heard.length = 0;
    });
    afterAll(() => server.stop());

    it('takes a body in chunks, without a Content-Length', async () => {
      const body = 'x'.repeat(90_000);
      expect(await sendOverHttp(server.port, aDelivery({ body }), { isChunked: true })).toMatchObject({ status: 204 });
      expect(handled.map((message) => message.text())).toEqual([body]);
    });

    it('takes a body that comes byte by byte', async () => {
      const delivery = aDelivery({ body: '{"a":"é"}' });
      const { socket, waitFor } = connectTo(server.port);
      socket.setNoDelay(true);
      socket.write(writeHead(delivery, `Content-Length: ${delivery.body.byteLength}`));
      for (const byte of delivery.body) {
        await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
      }
      await waitFor(/^HTTP\/1\.1 204 /);
      socket.destroy();
      expect(handled.map((message) => message.json())).toEqual([{ a: 'é' }]);
    });

    it('handles two messages on one connection', async () => {
      const { socket, waitFor } = connectTo(server.port);
      for (const id of ['msg_1', 'msg_2']) {
        const delivery = aDelivery({ id });
        socket.write(writeHead(delivery, `Content-Length: ${delivery.body.byteLength}`));
        socket.write(delivery.body);
      }
      await waitFor(/ 204 [\s\S]* 204 /);
      socket.destroy();
      expect(handled.map(({ id }) => id)).toEqual(['msg_1', 'msg_2']);
    });

    it('answers 413 before the body has come if its length is over the limit', async () => {
      const { socket, waitFor, closed, received } = connectTo(server.port);
      socket.write(writeHead(aDelivery(), 'Content-Length: 100001'));
      await waitFor(/body_too_large"/);
      expect(received()).toMatch(/^HTTP\/1\.1 413 /);
      expect(received()).toMatch(/\r\nconnection: close\r\n/i);
      socket.end();
      expect(await closed).toBeUndefined();
      expect(handled).toEqual([]);
    });

    it('answers 413 within a body that never ends, and closes the connection', async () => {
      const { socket, waitFor, closed } = connectTo(server.port);
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      let left = 10_000;
      // Ends at some time even if the server does not end it.
      const write = (): void => {
        left -= 1;
        if (left === 0) socket.destroy();
        else if (!socket.destroyed) socket.write(chunk, () => setImmediate(write));
      };
      const answered = waitFor(/body_too_large"/);
      socket.write(writeHead(aDelivery(), 'Transfer-Encoding: chunked'));
      write();
      await answered;
      await closed;
      expect(heard).toEqual([expect.objectContaining({ code: 'body_too_large' })]);
    });

    it('answers 413 also to a sender that reads nothing until it has sent all', async () => {
      const { socket, waitFor, closed } = connectTo(server.port);
      const write = (text: string) => new Promise((resolve) => socket.write(text, resolve));
      socket.pause();
      await write(`${writeHead(aDelivery(), 'Content-Length: 400000')}${'x'.repeat(200_000)}`);
      await until(() => heard.length > 0);
      for (let count = 0; count < 20; count += 1) await write('x'.repeat(10_000));
      const answered = waitFor(/body_too_large"/);
      socket.resume();
      await answered;
      expect(await closed).toBeUndefined();
    });

    it('runs no handler when the sender goes away within the body', async () => {
      const delivery = aDelivery();
      const { socket, closed } = connectTo(server.port);
      await new Promise((resolve) => socket.write(`${writeHead(delivery, 'Content-Length: 7')}{"a"`, resolve));
      socket.resetAndDestroy();
      await closed;
      await until(() => heard.length > 0);
      expect(heard).toEqual([expect.objectContaining({ code: 'body_incomplete' })]);
      expect(handled).toEqual([]);
      expect(await sendOverHttp(server.port, delivery)).toMatchObject({ status: 204 });
    });

    it('ends a message whose sender has gone while its handler ran: the next try need not run', async () => {
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const store = memoryStore();
      const completed = Promise.withResolvers<void>();
      const noting: OnceStore = {
        ...store,
        complete: (...of) => store.complete(...of).finally(() => completed.resolve()),
      };
      const handle = () => {
        started.resolve();
        return finish.promise;
      };
      const slow = await start({ keys: aKey, store: noting, handle, onError: (error) => heard.push(error) });
      const delivery = aDelivery();
      const { socket, closed } = connectTo(slow.port);
      socket.write(writeHead(delivery, `Content-Length: ${delivery.body.byteLength}`));
      socket.write(delivery.body);
      await started.promise;
      socket.resetAndDestroy();
      await closed;
      finish.resolve();
      await completed.promise;
      expect(await sendOverHttp(slow.port, delivery)).toMatchObject({ status: 200 });
      expect(heard).toEqual([]);
      await slow.stop();
    });

    it('stops although a handler never ends', async () => {
      const started = Promise.withResolvers<void>();
      const handle = () => {
        started.resolve();
        return new Promise<void>(() => undefined);
      };
      const hanging = await start({ keys: aKey, handle });
      const sent = sendOverHttp(hanging.port, aDelivery()).catch((error) => error);
      await started.promise;
      await hanging.stop();
      expect(await sent).toMatchObject({ code: 'ECONNRESET' });
    });

    it('leaves the other routes their parsers', async () => {
      const delivery = {
        method: 'POST',
        headers: [['content-type', 'application/json']] as const,
        body: Buffer.from('{"b":[1]}'),
      };
      for (const path of ['/orders', '/webhooks/other']) {
        const answer = await sendOverHttp(server.port, delivery, { path });
        expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { received: { b: [1] } }]);
      }
      const malformed = { ...delivery, body: Buffer.from('{') };
      expect(await sendOverHttp(server.port, malformed, { path: '/orders' })).toMatchObject({ status: 400 });
    });
  });
}
