import { once } from 'node:events';
import { createServer, type IncomingMessage, request as startRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A write that DynamoDB has done. */
export interface Write {
  /** Such as `PutItem`. */
  readonly operation: string;
  /** The request, as JSON text. */
  readonly body: string;
}

export interface WriteProxy {
  readonly url: string;
  stop(): Promise<void>;
}

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];

/**
 * Stands between a program and its DynamoDB, so that the program can be killed when a write is done and before it knows.
 *
 * @param afterWrite - called when DynamoDB has done a write. If it returns false, the program gets no answer.
 */
export async function startWriteProxy(dynamodb: string, afterWrite: (write: Write) => boolean): Promise<WriteProxy> {
  const { hostname, port } = new URL(dynamodb);
  // The signature covers the headers, `host` among them: they are passed on as they are.
  const forward = async (asked: IncomingMessage, body: Buffer) => {
    const { method, url, headers } = asked;
    const forwarded = startRequest({ hostname, port, method, path: url, headers }).end(body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    return { answer, body: await buffer(answer) };
  };
  const server = createServer(async (asked, response) => {
    try {
      const body = await buffer(asked);
      const { answer, body: answered } = await forward(asked, body);
      const operation = String(asked.headers['x-amz-target']).replace(/^.*\./, '');
      const isWritten = writes.includes(operation) && answer.statusCode === 200;
      if (isWritten && !afterWrite({ operation, body: body.toString() })) response.destroy();
      else response.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
    } catch {
      // The program or the store has died: the other one sees a broken connection.
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A server on a TCP port always has an `AddressInfo`.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
