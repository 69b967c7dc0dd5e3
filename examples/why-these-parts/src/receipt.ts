import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type MessageAttemptOut, Svix } from 'svix';
import { say } from './local-tables.ts';

const { POSTHORN_TOKEN = '', POSTHORN_URL = 'http://localhost:8071' } = process.env;
const svix = new Svix(POSTHORN_TOKEN, { serverUrl: POSTHORN_URL });

// A receiver that fails once, and then accepts.
let requests = 0;
const receiver = createServer((request, response) => {
  requests += 1;
  request.resume().once('end', () => {
    response.writeHead(requests === 1 ? 500 : 200).end(requests === 1 ? 'database is down' : 'thank you');
  });
}).listen(0, 'localhost');
await once(receiver, 'listening');
const { port } = receiver.address() as AddressInfo;

const application = await svix.application.create({ name: 'Receipts' });
await svix.endpoint.create(application.id, { url: `http://localhost:${port}/` });
const message = await svix.message.create(application.id, { eventType: 'order.paid', payload: { orderId: 7 } });
say('202: the message is stored. Nothing is known about the receiver yet.');

/** The receipts of the message, the oldest first. */
async function listAttempts(): Promise<readonly MessageAttemptOut[]> {
  const { data } = await svix.messageAttempt.listByMsg(application.id, message.id, { withContent: true });
  return data.toReversed();
}
let attempts = await listAttempts();
for (let looks = 0; looks < 300 && attempts.at(-1)?.statusText !== 'success'; looks += 1) {
  await wait(200);
  attempts = await listAttempts();
}
for (const { responseStatusCode, statusText, response } of attempts)
  say(`attempt: ${responseStatusCode} ${statusText}, the receiver said: ${response}`);

await svix.application.delete(application.id);
receiver.close();
receiver.closeAllConnections();
