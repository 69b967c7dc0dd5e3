import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Accepted } from '../history/event.ts';
import type { Tenant } from './prepare-tenants.ts';
import { vary } from './vary.ts';

export interface Traffic {
  readonly url: string;
  readonly token: string;
  readonly tenants: readonly Tenant[];
  /** Ordering keys of each tenant. */
  readonly keys: number;
  /** The most messages a second. */
  readonly perSecond: number;
  /** Is asked before each message. */
  readonly isEnough: (posted: number) => boolean;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly onAccepted: (event: Accepted) => void;
}

/** The number of simultaneous posts, as from a few busy producers. */
const postsInFlight = 8;
const tryAgainAfterMs = 200;
/** Longer than any outage of a scenario. */
const patienceMs = 180_000;
const now = () => performance.timeOrigin + performance.now();

/**
 * Posts messages to random tenants and keys until it is enough. Messages with the same key are posted one after the other.
 * A failed post is repeated with its idempotency key until it is accepted, as a producer's outbox does.
 */
export async function postMessages(traffic: Traffic): Promise<void> {
  const { tenants, keys, perSecond, isEnough, random } = traffic;
  let nextAt = performance.now();
  let posted = 0;
  const work = async (worker: number) => {
    while (!isEnough(posted)) {
      posted += 1;
      const number = posted;
      // What an outage delays is not made up for: that would be more than the system has to bear.
      nextAt = Math.max(nextAt + 1_000 / perSecond, performance.now());
      await wait(Math.max(0, nextAt - performance.now()));
      const tenant = tenants[Math.floor(random() * tenants.length)];
      // Each key belongs to one worker, so that its messages are posted in turn.
      const key = `k${worker + postsInFlight * Math.floor((random() * keys) / postsInFlight)}`;
      if (tenant) await postOne(traffic, { applicationId: tenant.applicationId, key, number });
    }
  };
  await Promise.all(Array.from({ length: postsInFlight }, (_, worker) => work(worker)));
}

interface NewMessage {
  readonly applicationId: string;
  readonly key: string;
  readonly number: number;
}

async function postOne(
  { url, token, random, onAccepted }: Traffic,
  { applicationId, key, number }: NewMessage,
): Promise<void> {
  const { content, rest, isAlone } = vary(number, random);
  // What is delivered later must not be in one order with what is delivered at once.
  const ownKey = isAlone ? `alone-${number}` : key;
  const payload = JSON.stringify({ key: ownKey, number, ...content });
  const postedAt = now();
  while (now() < postedAt + patienceMs) {
    const messageId = await tryToPost({ url, token, applicationId, number, payload, rest });
    if (messageId !== undefined) {
      const digest = hash('sha256', payload);
      onAccepted({ kind: 'accepted', at: now(), postedAt, applicationId, messageId, key: ownKey, digest });
      return;
    }
    await wait(tryAgainAfterMs);
  }
  throw new Error(`message ${number} was not accepted within ${patienceMs} ms`);
}

interface Post {
  readonly url: string;
  readonly token: string;
  readonly applicationId: string;
  readonly number: number;
  readonly payload: string;
  /** The other members of the body. */
  readonly rest: object;
}

/** @returns nothing if the system could not accept it now. The same idempotency key makes a repetition safe. */
async function tryToPost({ url, token, applicationId, number, payload, rest }: Post): Promise<string | undefined> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/api/v1/app/${applicationId}/msg`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': `post-${number}`,
      },
      body: `${JSON.stringify({ eventType: 'order.changed', ...rest }).slice(0, -1)},"payload":${payload}}`,
    });
    text = await response.text();
  } catch {
    // The connection was refused or broke: the host is dead.
    return undefined;
  }
  if (response.ok) return (JSON.parse(text) as { readonly id: string }).id;
  // A conflict: the request before it, whose answer was lost, may still be running.
  if (response.status < 500 && response.status !== 409 && response.status !== 429)
    throw new Error(`message ${number} was refused with ${response.status}: ${text}`);
  return undefined;
}
