import type { ReceiveOptions } from '../../receive/receiver.ts';
import type { VerifiedMessage } from '../../verify/verified-message.ts';
import { aDelivery, aKey } from './a-delivery.ts';
import { promisesOfAdapter } from './adapter-promises.ts';
import { connectTo, sendOverHttp, writeHead } from './http-client.ts';

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
export function promisesOfServer(name: string, start: StartServer): void {
  promisesOfAdapter(name, async (options) => {
    const { port, stop } = await start(options);
    return { send: (delivery) => sendOverHttp(port, delivery), stop };
  });

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
      let stopped = false;
      const stopping = waitFor(/body_too_large"/);
      const write = (): void => {
        if (!stopped) socket.write(chunk, () => setImmediate(write));
      };
      closed.then(() => {
        stopped = true;
      });
      socket.write(writeHead(aDelivery(), 'Transfer-Encoding: chunked'));
      write();
      await stopping;
      await closed;
      expect(heard).toEqual([expect.objectContaining({ code: 'body_too_large' })]);
    });

    it('closes the connection without a reset when the sender has sent all of its too long body', async () => {
      const delivery = aDelivery({ body: 'x'.repeat(3_000_000) });
      const { socket, waitFor, closed } = connectTo(server.port);
      const answered = waitFor(/body_too_large"/);
      socket.write(writeHead(delivery, 'Content-Length: 3000000'));
      socket.write(delivery.body);
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

/** Waits until a condition holds. A test that waits in vain ends by its own time limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
