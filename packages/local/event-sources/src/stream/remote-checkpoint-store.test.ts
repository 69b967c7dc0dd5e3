import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Checkpoint } from './checkpoint-store.ts';
import { createRemoteCheckpointStore } from './remote-checkpoint-store.ts';

let server: Server;
let url: string;
let saved: Map<string, string>;
let puts: number;
let status: number;
beforeEach(async () => {
  saved = new Map();
  puts = 0;
  status = 204;
  server = createServer(async (request, response) => {
    const name = request.url ?? '';
    if (request.headers.authorization !== 'Bearer token') return response.writeHead(401).end();
    if (request.method === 'GET') {
      const text = saved.get(name);
      return response.writeHead(text === undefined ? 404 : 200).end(text);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    puts += 1;
    if (status === 204) saved.set(name, Buffer.concat(chunks).toString());
    return response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const at = (sequenceNumber: string): Checkpoint => ({
  streamArn: 'arn:a',
  shards: { s: { kind: 'after', sequenceNumber } },
});
const open = (token = 'token') => createRemoteCheckpointStore({ url, token }, 'follow.orders');

describe('a checkpoint in a local cloud', () => {
  it('is found by the next process, and only for its own stream', async () => {
    expect(await open().load('arn:a')).toBeUndefined();
    await open().save(at('7'));
    expect(await open().load('arn:a')).toEqual(at('7'));
    expect(await open().load('arn:b')).toBeUndefined();
  });

  it('is the latest one after many saves at a time, which are few requests', async () => {
    const store = open();
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.save(at(String(index)))));
    expect(await store.load('arn:a')).toEqual(at('49'));
    expect(puts).toBe(2);
  });

  it('fails if it is not saved, and can be saved later', async () => {
    const store = open();
    status = 503;
    await expect(store.save(at('1'))).rejects.toThrow('follow.orders was not saved: 503');
    status = 204;
    await store.save(at('2'));
    expect(await store.load('arn:a')).toEqual(at('2'));
  });

  it('is not taken for missing if it cannot be read', async () => {
    await expect(open('wrong').load('arn:a')).rejects.toThrow('could not be read: 401');
  });
});
