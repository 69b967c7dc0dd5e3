// The stores and the receiver in a process of their own, so that the CPU time of the measuring process is that of the
// functions. It sends its addresses to its parent, and ends with it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { localQueues } from '@posthorn/local-host/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { priceStage, type StoreAddresses } from './store-addresses.ts';

const dynamodb = await startDynamodbEmbedded();
const sqs = await startSqs({ queues: localQueues(priceStage) });
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'));
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
// It listens on a TCP port.
const { port } = receiver.address() as AddressInfo;
process.send?.({
  dynamodb: dynamodb.endpoint,
  sqs: sqs.endpoint,
  receiver: `http://127.0.0.1:${port}`,
} satisfies StoreAddresses);
process.once('disconnect', () => process.exit());
