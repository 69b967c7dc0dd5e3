/**
 * A receiver whose effect is no part of a transaction: it appends the message's id and its own process id to a file.
 * Variables: `PORT`, `WEBHOOK_KEYS`, `FOLDER`, and `KILL_AFTER` such as `effect:3`, after which it kills itself.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createReceiver, type OnceStore } from '@posthorn/receiver';
import { openDatabase } from '../../../../../examples/receiver-fastify/src/database.ts';
import { createSqliteStore } from '../../../../../examples/receiver-fastify/src/sqlite-store.ts';

const { PORT = '0', WEBHOOK_KEYS = '', FOLDER = '.', KILL_AFTER = '' } = process.env;
const [killedStep, killedCount] = KILL_AFTER.split(':');

let done = 0;
function hasDone(step: string): void {
  if (step !== killedStep) return;
  done += 1;
  if (done === Number(killedCount)) process.kill(process.pid, 'SIGKILL');
}

const store = createSqliteStore(openDatabase(join(FOLDER, 'messages.db')));
const killedStore: OnceStore = {
  ...store,
  claim: async (id, claim) => {
    const claimed = await store.claim(id, claim);
    if (claimed.kind === 'claimed') hasDone('claim');
    return claimed;
  },
  complete: async (id, owner) => {
    const completed = await store.complete(id, owner);
    hasDone('completion');
    return completed;
  },
};

const receive = createReceiver({
  keys: WEBHOOK_KEYS,
  store: killedStore,
  leaseSeconds: 5,
  handle: ({ id }) => {
    appendFileSync(join(FOLDER, 'effects'), `${id} ${process.pid}\n`);
    hasDone('effect');
  },
});

const server = createServer(async (request, response) => {
  const { status, headers, body } = await receive({ body: await buffer(request), headers: request.headers });
  response.writeHead(status, headers).end(body);
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('Receives messages\n'));
