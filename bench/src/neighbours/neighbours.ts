import type { Svix } from 'svix';
import { repeat } from '../repeat.ts';
import { eventType, type Neighbour, postEvenly } from './neighbour.ts';

/** Where the endpoints of neighbours are. */
export interface Places {
  /** Never answers. */
  readonly hanging: string;
  /** Answers 500 at once. */
  readonly failing: string;
  /** Answers 200 at once. */
  readonly well: string;
  /** A URL with a name that no name server answers for. */
  readonly deadName: (number: number) => string;
}

const connections = 8;
const payload = { note: 'x'.repeat(900) };

async function createEndpoints(svix: Svix, urls: readonly string[]): Promise<string> {
  const { id } = await svix.application.create({ name: 'neighbour' });
  await repeat(urls.length, connections, (number) =>
    svix.endpoint.create(id, { url: urls[number] ?? '', channels: [`endpoint-${number}`] }),
  );
  return id;
}

const some = (count: number, urlOf: (number: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, number) => urlOf(number));

/** Sends one message a second to each of several endpoints. */
const oneASecond = (name: string, urls: readonly string[]): Neighbour => ({
  name,
  async begin(svix) {
    const id = await createEndpoints(svix, urls);
    return postEvenly(urls.length, (number) =>
      svix.message.create(id, { eventType, payload, channels: [`endpoint-${number % urls.length}`] }),
    );
  },
});

/** Sends a number of messages as fast as they are accepted, and does not wait for their deliveries. */
async function sendAtOnce(count: number, send: (number: number) => Promise<unknown>) {
  let sent = 0;
  const sending = repeat(count, connections, async (number) => {
    await send(number);
    sent += 1;
  });
  return { sent: () => sent, stop: () => sending };
}

/** The neighbours that a quiet tenant must not feel. */
export const neighbours = ({ hanging, failing, well, deadName }: Places): readonly Neighbour[] => [
  oneASecond(
    '20 endpoints that answer 500',
    some(20, () => failing),
  ),
  oneASecond('20 endpoints with dead names', some(20, deadName)),
  {
    name: '50 messages a second to one endpoint that hangs',
    async begin(svix) {
      const id = await createEndpoints(svix, [hanging]);
      return postEvenly(50, () => svix.message.create(id, { eventType, payload, channels: ['endpoint-0'] }));
    },
  },
  {
    name: 'one message to 400 endpoints that hang',
    async begin(svix) {
      const { id } = await svix.application.create({ name: 'neighbour' });
      await repeat(400, connections, () => svix.endpoint.create(id, { url: hanging }));
      return sendAtOnce(1, () => svix.message.create(id, { eventType, payload }));
    },
  },
  {
    name: '400 FIFO groups that hang',
    async begin(svix) {
      const { id } = await svix.application.create({ name: 'neighbour' });
      await svix.destination.create(id, {
        type: 'fifoEndpoint',
        config: { url: hanging },
        metadata: { orderBy: '$.order' },
      });
      return sendAtOnce(400, (order) => svix.message.create(id, { eventType, payload: { ...payload, order } }));
    },
  },
  {
    name: 'a burst of 10,000 deliveries',
    async begin(svix) {
      const { id } = await svix.application.create({ name: 'neighbour' });
      await repeat(10, connections, () => svix.endpoint.create(id, { url: well }));
      return sendAtOnce(1_000, () => svix.message.create(id, { eventType, payload }));
    },
  },
];
