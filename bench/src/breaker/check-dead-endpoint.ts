import { setTimeout as wait } from 'node:timers/promises';
import { launchSystem } from '@posthorn/local-supervisor/launch';
import { startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { type DeadEndpointCost, simulateDeadEndpoint } from './simulate.ts';

const messages = 200;
const everyMs = 200;
const path = '/dead';
/** Short waits, so that what failed before the breaker opened is not waited for. */
const schedule = [5, 20, 20, 20, 20];
const longestMs = 120_000;
const lookEveryMs = 100;

/** What a host did, and what the simulation says for the same traffic. */
export interface DeadEndpointCheck {
  readonly messages: number;
  readonly host: {
    readonly postedSeconds: number;
    readonly failedRequests: number;
    readonly delivered: number;
    /** Requests with a message that had been accepted before. */
    readonly deliveredAgain: number;
    readonly deliveredAfterSeconds: number;
  };
  readonly simulated: DeadEndpointCost;
}

/** Posts messages to an endpoint that fails until all are posted, and waits until all are delivered. About 80 seconds. */
export async function checkDeadEndpoint(): Promise<DeadEndpointCheck> {
  const [system, receiver] = await Promise.all([
    launchSystem({ POSTHORN_RETRY_SCHEDULE: schedule.join(',') }),
    startReceiver(),
  ]);
  try {
    const svix = new Svix(system.token, { serverUrl: system.url });
    receiver.respond(path, () => ({ status: 500 }));
    const { id } = await svix.application.create({ name: 'dead' });
    await svix.endpoint.create(id, { url: `${receiver.url}${path}` });
    const beganAt = performance.now();
    for (let n = 0; n < messages; n += 1) {
      await wait(Math.max(0, beganAt + n * everyMs - performance.now()));
      await svix.message.create(id, { eventType: 'bench.sent', payload: { n } });
    }
    const postedMs = performance.now() - beganAt;
    const failedRequests = receiver.requestsTo(path).length;
    receiver.respond(path, () => ({ status: 204 }));
    const backAt = performance.now();
    const accepted = () =>
      receiver
        .requestsTo(path)
        .slice(failedRequests)
        .map(({ headers }) => headers['webhook-id']);
    while (new Set(accepted()).size < messages && performance.now() < backAt + longestMs) await wait(lookEveryMs);
    const deliveredAfterSeconds = (performance.now() - backAt) / 1_000;
    const delivered = new Set(accepted()).size;
    return {
      messages,
      host: {
        postedSeconds: postedMs / 1_000,
        failedRequests,
        delivered,
        deliveredAgain: accepted().length - delivered,
        deliveredAfterSeconds,
      },
      simulated: simulateDeadEndpoint({
        messages,
        arriveOverMs: messages * everyMs,
        deadMs: postedMs,
        failureMs: 1,
        hasBreaker: true,
        schedule,
      }),
    };
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
  }
}
