import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { untilPasses } from './fixtures/until.ts';

/** Nine seconds in slow attempts make an endpoint slow. */
const slowMs = 10_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_METRICS_PORT: '0' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/** How many jobs of a queue are in flight. */
async function inFlight(queue: string): Promise<number> {
  const token = await readFile(join(system.dataDir, 'metrics-token'), 'utf8');
  const { metrics } = await system.cloud();
  const answer = await fetch(`${metrics}/metrics`, { headers: { authorization: `Bearer ${token.trim()}` } });
  const line = new RegExp(`^posthorn_queue_messages\\{queue="${queue}",state="in_flight"\\} (\\d+)$`, 'm');
  return Number(line.exec(await answer.text())?.[1]);
}

async function anEndpoint(path: string) {
  const { id } = await svix.application.create({ name: path });
  await svix.endpoint.create(id, { url: `${receiver.url}${path}` });
  return { send: () => svix.message.create(id, { eventType: 'a.b', payload: {} }) };
}

it('delivers to an endpoint that was slow through the queue for slow endpoints, and to no other', async () => {
  let delayMs = slowMs;
  receiver.respond('/slow', () => ({ status: 200, delayMs }));
  const [slow, quick] = await Promise.all([anEndpoint('/slow'), anEndpoint('/quick')]);
  await slow.send();
  await untilPasses(async () => expect(await inFlight('posthorn-local-deliveries')).toBe(1));
  // Its health is stored some seconds after the attempt has ended.
  await untilPasses(async () => {
    await slow.send();
    expect(await inFlight('posthorn-local-deliveries-slow')).toBeGreaterThan(0);
  });
  delayMs = 0;
  const [sent, other] = await Promise.all([slow.send(), quick.send()]);
  await untilPasses(async () => {
    const arrived = ['/slow', '/quick'].flatMap((path) => receiver.requestsTo(path));
    const ids = arrived.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(expect.arrayContaining([sent.id, other.id]));
  });
});
