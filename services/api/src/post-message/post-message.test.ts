import { createMessageId, type Message, type MessageClaim, placementOfMessageId } from '@posthorn/core';
import {
  aMessage,
  anApplication,
  ids,
  inMemoryApplications,
  inMemoryClaims,
  inMemoryMessages,
  nthId,
  nthMessageId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { eventClaimKey } from '../message/claim-keys.ts';
import { createPostMessage, type PostMessageDeps, type PostMessageRequest } from './post-message.ts';
import type { NewMessage } from './read-message.ts';

const orderLeaseMs = 2_000;

async function aPost(overrides: Partial<PostMessageDeps> = {}, application = anApplication()) {
  const applications = inMemoryApplications();
  await applications.insert(application);
  const messages = inMemoryMessages();
  const claims = inMemoryClaims();
  let count = 0;
  const deps: PostMessageDeps = {
    findAccepting: applications.findAccepting,
    createMissing: async () => anApplication(),
    claims,
    messages,
    clock: () => startOfTests,
    randomBytes: (length) => {
      count += 2;
      return new Uint8Array(length).fill(count);
    },
    retentionMs: 90 * 24 * 3_600_000,
    orderLeaseMs,
    ...overrides,
  };
  return { post: createPostMessage(deps), applications, messages, claims, deps };
}

const aNewMessage = (overrides: Partial<NewMessage> = {}): NewMessage => ({
  eventType: 'invoice.paid',
  body: '{"a":1}',
  contentType: 'application/json',
  channels: [],
  tags: [],
  ...overrides,
});

const aPostRequest = (overrides: Partial<PostMessageRequest> = {}): PostMessageRequest => ({
  caller: { kind: 'organisation', organisationId: ids.organisation },
  applicationIdOrUid: ids.application,
  message: aNewMessage(),
  ...overrides,
});

const withEventId = (eventId: string) => aPostRequest({ message: aNewMessage({ eventId }) });

/** A clock that answers these moments, and the last one for ever. */
const clockOf =
  (...seconds: number[]) =>
  () =>
    secondsLater(seconds.length > 1 ? (seconds.shift() ?? 0) : (seconds[0] ?? 0));

describe('accepting a message', () => {
  it('keeps it as it was given, for as long as is configured', async () => {
    const { post, messages } = await aPost();
    const accepted = await post(aPostRequest());
    expect(messages.all()).toEqual([accepted]);
    expect(accepted).toMatchObject({ body: '{"a":1}', expiresAt: new Date('2026-04-01T00:00:00Z') });
  });

  it('keeps it for as long as the request says', async () => {
    const { post } = await aPost();
    const accepted = await post(aPostRequest({ message: aNewMessage({ retentionMs: 1000 }) }));
    expect(accepted.expiresAt).toEqual(secondsLater(1));
  });

  it('refuses a message to nobody', async () => {
    const { post } = await aPost();
    const refused = post(aPostRequest({ applicationIdOrUid: nthId('application', 9) }));
    await expect(refused).rejects.toMatchObject({ code: 'not_found', message: 'Application not found' });
  });
});

describe('an idempotency key', () => {
  const request = aPostRequest({ claimKey: 'key' });

  it('makes one message of a repeated request', async () => {
    const { post, messages } = await aPost();
    const first = await post(request);
    expect(await post({ ...request, message: aNewMessage({ body: '{"a":2}' }) })).toEqual(first);
    expect(messages.all()).toHaveLength(1);
  });

  it('makes one message of requests at the same time', async () => {
    const { post, messages } = await aPost();
    const accepted = await Promise.all([post(request), post(request), post(request)]);
    expect(new Set(accepted.map(({ messageId }) => messageId)).size).toBe(1);
    expect(messages.all()).toHaveLength(1);
  });

  it('goes on under the id of a writer that died before it wrote', async () => {
    const { post, claims, messages } = await aPost();
    await claims.claim(aClaim({ key: 'key', messageId: nthMessageId(1, 'sharded') }));
    await post(request);
    expect(messages.all()).toMatchObject([{ messageId: nthMessageId(1, 'sharded') }]);
  });

  it('works together with an eventId', async () => {
    const { post } = await aPost();
    const both = { ...withEventId('order-1'), claimKey: 'key' };
    expect(await post(both)).toEqual(await post(both));
  });

  it('puts a message into the order that its first writer may not have reached any more', async () => {
    const { post, claims, messages } = await aPost({}, anApplication({ orderedAt: startOfTests }));
    const stored = aMessage({ messageId: nthMessageId(0, 'sharded') });
    await messages.insert(stored);
    await claims.claim(aClaim({ key: 'key', messageId: stored.messageId }));
    await post(request);
    expect(messages.relayed()).toEqual([stored]);
  });

  it('leaves a message alone that is from long before there was an order', async () => {
    const { post, claims, messages } = await aPost({}, anApplication({ orderedAt: secondsLater(600) }));
    await messages.insert(aMessage({ messageId: nthMessageId(0, 'sharded') }));
    await claims.claim(aClaim({ key: 'key', messageId: nthMessageId(0, 'sharded') }));
    await post(request);
    expect(messages.relayed()).toEqual([]);
  });
});

describe('an eventId', () => {
  it('is held by one message of an application', async () => {
    const { post, messages } = await aPost();
    await post(withEventId('order-1'));
    await expect(post(withEventId('order-1'))).rejects.toMatchObject({ code: 'conflict' });
    expect(messages.all()).toHaveLength(1);
  });

  it('is held by one message only of those that come at the same time', async () => {
    const { post, messages } = await aPost();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => post(withEventId('order-1'))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(messages.all()).toHaveLength(1);
  });

  it('is taken over from a writer that died', async () => {
    const { post, claims, messages } = await aPost({ clock: () => secondsLater(61) });
    await claims.claim(aClaim({ key: eventClaimKey(ids.application, 'order-1'), messageId: nthId('message', 1) }));
    const accepted = await post(withEventId('order-1'));
    expect(messages.all()).toEqual([accepted]);
  });

  it('is left to a writer that may still be at it', async () => {
    const { post, claims } = await aPost({ clock: () => secondsLater(60) });
    await claims.claim(aClaim({ key: eventClaimKey(ids.application, 'order-1'), messageId: nthId('message', 1) }));
    await expect(post(withEventId('order-1'))).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('order', () => {
  const ordered = anApplication({ orderedAt: startOfTests });

  it('gives a message of an ordered application an ordered place', async () => {
    const { post, messages } = await aPost({}, ordered);
    expect(placementOfMessageId((await post(aPostRequest())).messageId)).toBe('ordered');
    expect(messages.relayed()).toEqual([]);
  });

  it('spreads the messages of the others', async () => {
    const { post } = await aPost();
    expect(placementOfMessageId((await post(aPostRequest())).messageId)).toBe('sharded');
  });

  it('looks again after the lease, and relays when the application has begun to keep order', async () => {
    const applications = inMemoryApplications();
    await applications.insert(anApplication());
    const clock = clockOf(0, 0, 2.001);
    const { post, messages } = await aPost({ findAccepting: applications.findAccepting, clock });
    const { insert } = messages;
    messages.insert = async (message: Message) => {
      await applications.startOrdering(anApplication(), secondsLater(1));
      return insert(message);
    };
    const accepted = await post(aPostRequest());
    expect(messages.relayed()).toEqual([accepted]);
  });

  it('trusts what it read for the length of the lease', async () => {
    let reads = 0;
    const clock = clockOf(0, 0, 2);
    const { deps } = await aPost({ clock });
    const post = createPostMessage({
      ...deps,
      findAccepting: async (...name) => {
        reads += 1;
        return deps.findAccepting(...name);
      },
    });
    await post(aPostRequest());
    expect(reads).toBe(1);
  });

  it('relays a message under a dead writer’s id from before there was an order', async () => {
    const { post, claims, messages } = await aPost({}, ordered);
    await claims.claim(aClaim({ key: 'key', messageId: nthMessageId(1, 'sharded') }));
    const accepted = await post(aPostRequest({ claimKey: 'key' }));
    expect(messages.relayed()).toEqual([accepted]);
  });
});

const aClaim = (overrides: Partial<MessageClaim>): MessageClaim => ({
  key: 'key',
  messageId: createMessageId(startOfTests, new Uint8Array(15), 'sharded'),
  claimedAt: startOfTests,
  expiresAt: secondsLater(43_200),
  ...overrides,
});
