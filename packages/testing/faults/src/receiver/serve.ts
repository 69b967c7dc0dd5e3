// A receiver in a process of its own, so that a kill of the system does not touch it. Its argument is the file in which it
// writes each request as an event. It prints its port.
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Received } from '../history/event.ts';
import { misbehave } from './misbehave.ts';
import { type Behaviour, type EndpointPlan, outageFile, readPath } from './path.ts';

const [, , file = ''] = process.argv;
const connections = new WeakMap<Socket, { readonly id: number; requests: number }>();
/** Of so many messages, one fails at an endpoint that fails for some of them: too few for its breaker. */
const oneIn: Partial<Record<Behaviour, number>> = { 'sometimes-500': 4, slow: 4, lazy: 4, 'seldom-down': 12 };
/** How long endpoints wait before they answer. An attempt of more than three seconds is slow. */
const delaysMs: Partial<Record<Behaviour, number>> = { slow: 3_500, lazy: 2_500 };
const duringOutage: readonly Behaviour[] = ['down', 'seldom-down'];
const triedBy = new Map<string, number>();
let lastConnection = 0;
let lastOrder = 0;
/** The clock of the history: see `Event`. */
const now = () => performance.timeOrigin + performance.now();

const server = createServer(async (request, response) => {
  const at = now();
  lastOrder += 1;
  const order = lastOrder;
  const body = await readBody(request);
  const { socket } = request;
  const connection = connections.get(socket) ?? { id: 0, requests: 0 };
  connection.requests += 1;
  const { url: path = '', headers } = request;
  const plan = readPath(path);
  const messageId = String(headers['webhook-id']);
  const bytesBefore = socket.bytesWritten;
  let answer: Received['answer'] = 'lost';
  response.on('finish', () => {
    // A broken answer may be "finished" for Node. The sender cannot know its end.
    answer = response.statusCode < 300 ? 'accepted' : 'refused';
  });
  response.on('close', () => {
    const event: Received = {
      kind: 'received',
      at,
      endedAt: now(),
      order,
      path,
      messageId,
      timestamp: Number(headers['webhook-timestamp']),
      digest: hash('sha256', body ?? ''),
      connection: connection.id,
      answer: isCutEnough(plan, socket.bytesWritten - bytesBefore) ? 'accepted' : answer,
    };
    appendFileSync(file, `${JSON.stringify(event)}\n`);
  });
  if (body === undefined) return;
  const tried = countTry(`${path} ${messageId}`);
  const isChosen = numberFrom(messageId) % (oneIn[plan?.behaviour ?? 'accept'] ?? 1) === 0;
  const delayMs = delaysMs[plan?.behaviour ?? 'accept'];
  if (delayMs !== undefined) await wait(delayMs);
  respond(response, plan, { isKept: connection.requests > 1, tried, isChosen });
});

/** The sender reads 20,000 bytes of an endless answer with status 200, and that is a success. */
const bytesOfSuccess = 20_000;
const isCutEnough = (plan: EndpointPlan | undefined, bytes: number): boolean =>
  (plan?.behaviour === 'endless-body' || plan?.behaviour === 'gzip-bomb') && bytes > bytesOfSuccess;

/** The characters of an identifier are not evenly distributed. Those of its digest are. */
const numberFrom = (messageId: string): number => Number.parseInt(hash('sha256', messageId).slice(0, 8), 16);

/** @returns how often the delivery was tried before */
function countTry(delivery: string): number {
  const tried = triedBy.get(delivery) ?? 0;
  triedBy.set(delivery, tried + 1);
  return tried;
}

function respond(
  response: ServerResponse,
  plan: EndpointPlan | undefined,
  { isKept, tried, isChosen }: { readonly isKept: boolean; readonly tried: number; readonly isChosen: boolean },
): void {
  if (plan === undefined) return void response.writeHead(404).end();
  const isPatient = tried >= (plan.times ?? Number.POSITIVE_INFINITY);
  // A first connection that breaks is a failed attempt. Only a kept one makes the sender send again.
  const isSpared =
    (plan.behaviour === 'break-kept-connection' && !isKept) ||
    (duringOutage.includes(plan.behaviour) && !existsSync(outageFile(file))) ||
    !isChosen;
  misbehave[isPatient || isSpared ? 'accept' : plan.behaviour](response);
}

/** @returns nothing if the sender disconnected before it had sent everything */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const part of request) chunks.push(part);
  } catch (error) {
    if (request.complete) throw error;
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

server.on('connection', (socket: Socket) => {
  lastConnection += 1;
  connections.set(socket, { id: lastConnection, requests: 0 });
  // The sender may break connections.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// A server on a TCP port always has an `AddressInfo`.
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
process.once('disconnect', () => process.exit());
