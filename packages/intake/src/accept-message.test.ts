import type { Message } from '@posthorn/core';
import { aMessage, anApplication, ids, nthId, nthMessageId, secondsLater, startOfTests } from '@posthorn/testing';
import { aClaim, aMeteredIntake, aNewMessage, anIntake } from './fixtures/an-intake.ts';
import { deriveMessageId } from './message-identity.ts';

const fresh = { kind: 'fresh' } as const;
const claimed = { kind: 'claimed', key: 'key' } as const;
const hourMs = 3_600_000;

describe('accepting a message', () => {
  it('stores all of it, for as long as is configured', async () => {
    const { accept, messages, target } = await anIntake();
    const message = aNewMessage({ eventId: 'order-1', channels: ['eu'], tags: ['blue'], contentType: 'text/xml' });
    const accepted = await accept({ target, message, identity: fresh });
    expect(accepted.kind).toBe('accepted');
    expect(messages.all()).toEqual([accepted.message]);
    expect(accepted.message).toEqual({
      organisationId: ids.organisation,
      applicationId: ids.application,
      messageId: expect.stringMatching(/^msg_/),
      ...message,
      acceptedAt: startOfTests,
      expiresAt: new Date('2026-04-01T00:00:00Z'),
    });
  });

  it('stores it for as long as the request says', async () => {
    const { accept, target } = await anIntake();
    const { message } = await accept({ target, message: aNewMessage({ retentionMs: 1000 }), identity: fresh });
    expect(message.expiresAt).toEqual(secondsLater(1));
    expect(message).not.toHaveProperty('retentionMs');
  });

  it.each([
    [60, 61],
    [-60, 1],
  ])('stores a scheduled message for as long from its time, or from now: %d s', async (seconds, expected) => {
    const { accept, target } = await anIntake();
    const input = aNewMessage({ deliverAt: secondsLater(seconds), retentionMs: 1000 });
    const { message } = await accept({ target, message: input, identity: fresh });
    expect(message).toMatchObject({ deliverAt: secondsLater(seconds), expiresAt: secondsLater(expected) });
  });
});

describe('a message with a fresh identity', () => {
  const input = { message: aNewMessage(), identity: fresh };

  it('is a new one each time', async () => {
    const { accept, messages, target } = await anIntake();
    const first = await accept({ ...input, target });
    const second = await accept({ ...input, target });
    expect(second).toMatchObject({ kind: 'accepted' });
    expect(second.message.messageId).not.toBe(first.message.messageId);
    expect(messages.all()).toHaveLength(2);
  });

  it('costs one insert and no read', async () => {
    const { accept, calls, target } = await aMeteredIntake();
    await accept({ ...input, target });
    expect(calls).toEqual(['messages.insert']);
  });

  it('is found if the store did the insert twice', async () => {
    const { accept, messages, target } = await anIntake();
    const { insert } = messages;
    messages.insert = async (message: Message) => {
      await insert(message);
      return insert(message);
    };
    expect(await accept({ ...input, target })).toMatchObject({ kind: 'repeated', message: messages.all()[0] });
  });

  it('is not acknowledged when its id is stored but cannot be read', async () => {
    const { accept, messages, target } = await anIntake();
    messages.insert = async () => 'exists';
    await expect(accept({ ...input, target })).rejects.toThrow(/msg_\w{27} is stored but cannot be read/);
  });
});

describe('a message with an idempotency key', () => {
  const input = { message: aNewMessage(), identity: claimed };

  it('is accepted once, and a repetition gets it as it is stored', async () => {
    const { accept, messages, target } = await anIntake();
    const first = await accept({ ...input, target });
    const again = await accept({ ...input, target, message: aNewMessage({ body: '{"a":2}' }) });
    expect(first.kind).toBe('accepted');
    expect(again).toEqual({ kind: 'repeated', message: first.message });
    expect(messages.all()).toEqual([first.message]);
  });

  it('costs one claim and one insert, and no read', async () => {
    const { accept, calls, target } = await aMeteredIntake();
    await accept({ ...input, target });
    expect(calls).toEqual(['claims.claim', 'messages.insert']);
  });

  it('stays expunged, however it is repeated', async () => {
    const { accept, messages, target } = await anIntake();
    const message = aNewMessage({ eventId: 'order-1' });
    const { messageId } = (await accept({ ...input, target, message })).message;
    await messages.expunge(ids.application, messageId, secondsLater(1));
    const again = await accept({ ...input, target, message });
    expect(again).toMatchObject({ kind: 'repeated', message: { messageId, expungedAt: secondsLater(1) } });
    expect(again.message).not.toHaveProperty('body');
    expect(messages.all()).toMatchObject([{ messageId, body: '' }]);
  });

  it('costs a refused claim and a read, and no insert, when it is repeated', async () => {
    const { accept, calls, target } = await aMeteredIntake();
    const request = { ...input, target, message: aNewMessage({ eventId: 'order-1' }) };
    await accept(request);
    calls.length = 0;
    await accept(request);
    expect(calls).toEqual(['claims.claim', 'messages.findListed']);
  });

  it('is a different one under another key', async () => {
    const { accept, messages, target } = await anIntake();
    await accept({ ...input, target });
    await accept({ ...input, target, identity: { kind: 'claimed', key: 'other' } });
    expect(messages.all()).toHaveLength(2);
  });

  it('is accepted once by first requests at the same time', async () => {
    const { accept, messages, target } = await anIntake();
    const requests = Array.from({ length: 5 }, (_, n) =>
      accept({ ...input, target, message: aNewMessage({ body: `{"n":${n}}` }) }),
    );
    const accepted = await Promise.all(requests);
    expect(messages.all()).toHaveLength(1);
    expect(accepted.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    for (const { message } of accepted) expect(message).toEqual(messages.all()[0]);
  });

  it('is stored under the id of a request that died between claim and insert', async () => {
    const { accept, claims, messages, target } = await anIntake();
    await claims.claim(aClaim());
    const accepted = await accept({ ...input, target });
    expect(accepted.kind).toBe('accepted');
    expect(messages.all()).toMatchObject([{ messageId: aClaim().messageId, body: '{"a":1}' }]);
  });

  it('is stored once by two requests that find the claim of a dead one', async () => {
    const { accept, claims, messages, target } = await anIntake();
    await claims.claim(aClaim());
    const accepted = await Promise.all([accept({ ...input, target }), accept({ ...input, target })]);
    expect(messages.all()).toHaveLength(1);
    expect(accepted.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'repeated']);
  });

  it('is the one of a request that stored its message and died before it answered', async () => {
    const { accept, claims, messages, target } = await anIntake();
    const stored = aMessage({ messageId: aClaim().messageId });
    await claims.claim(aClaim());
    await messages.insert(stored);
    expect(await accept({ ...input, target })).toEqual({ kind: 'repeated', message: stored });
  });

  it('can have an eventId too, which its repetition does not conflict with', async () => {
    const { accept, target } = await anIntake();
    const both = { ...input, target, message: aNewMessage({ eventId: 'order-1' }) };
    const first = await accept(both);
    expect(await accept(both)).toEqual({ kind: 'repeated', message: first.message });
  });

  it('goes on after a request that died between the claims of key and eventId, and the insert', async () => {
    const { accept, messages, target } = await anIntake();
    const both = { ...input, target, message: aNewMessage({ eventId: 'order-1' }) };
    const { insert } = messages;
    messages.insert = async () => Promise.reject(new Error('killed'));
    await expect(accept(both)).rejects.toThrow('killed');
    messages.insert = insert;
    expect(await accept(both)).toMatchObject({ kind: 'accepted', message: { eventId: 'order-1' } });
    expect(messages.all()).toHaveLength(1);
  });

  it.each([
    ['after 12 hours', {}, 12 * hourMs],
    ['when the message of its claim has expired', { retentionMs: hourMs }, hourMs],
  ])('is accepted anew %s', async (_, retention, ms) => {
    let now = startOfTests.getTime();
    const { accept, messages, target } = await anIntake({ clock: () => new Date(now) });
    const request = { ...input, target, message: aNewMessage(retention) };
    const first = await accept(request);
    now = startOfTests.getTime() + ms - 1;
    expect(await accept(request)).toEqual({ kind: 'repeated', message: first.message });
    now += 1;
    const [second, third] = await Promise.all([accept(request), accept(request)]);
    expect(second.message.messageId).not.toBe(first.message.messageId);
    expect(third.message).toEqual(second.message);
    expect(messages.all()).toHaveLength(2);
  });

  it('is kept at least as long as the claim of its key, so that the key never names an expired message', async () => {
    const { accept, claims, target } = await anIntake();
    await claims.claim(aClaim());
    const { message } = await accept({ ...input, target, message: aNewMessage({ retentionMs: hourMs }) });
    expect(message.expiresAt).toEqual(aClaim().expiresAt);
  });

  it('is kept for its own time if that is longer', async () => {
    const { accept, claims, target } = await anIntake();
    await claims.claim(aClaim());
    const { message } = await accept({ ...input, target, message: aNewMessage({ retentionMs: 24 * hourMs }) });
    expect(message.expiresAt).toEqual(secondsLater(24 * 3_600));
  });
});

describe('a message with a given id', () => {
  const messageId = deriveMessageId(['orders', '7'], startOfTests);
  const input = { message: aNewMessage(), identity: { kind: 'given', messageId } } as const;

  it('is one message, however often its source is replayed', async () => {
    const { accept, messages, target } = await anIntake();
    const first = await accept({ ...input, target });
    expect(first).toMatchObject({ kind: 'accepted', message: { messageId } });
    expect(await accept({ ...input, target })).toEqual({ kind: 'repeated', message: first.message });
    expect(messages.all()).toEqual([first.message]);
  });

  it('is one message when it is replayed at the same time', async () => {
    const { accept, messages, target } = await anIntake();
    const accepted = await Promise.all([accept({ ...input, target }), accept({ ...input, target })]);
    expect(accepted.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'repeated']);
    expect(messages.all()).toHaveLength(1);
  });

  it('costs one insert and no read', async () => {
    const { accept, calls, target } = await aMeteredIntake();
    await accept({ ...input, target });
    expect(calls).toEqual(['messages.insert']);
  });

  it('is not stored again if it is replayed after it was expunged', async () => {
    const { accept, messages, target } = await anIntake();
    await accept({ ...input, target });
    await messages.expunge(ids.application, messageId, secondsLater(1));
    const again = await accept({ ...input, target });
    expect(again).toMatchObject({ kind: 'repeated', message: { messageId, expungedAt: secondsLater(1) } });
    expect(messages.all()).toMatchObject([{ body: '' }]);
  });

  it('is not stored again if it is replayed after it has expired', async () => {
    let now = startOfTests.getTime();
    const { accept, messages, target } = await anIntake({ clock: () => new Date(now) });
    const request = { ...input, target, message: aNewMessage({ retentionMs: 1_000 }) };
    await accept(request);
    now += 1_000;
    expect(await accept(request)).toMatchObject({ kind: 'repeated', message: { messageId } });
    expect(messages.all()).toHaveLength(1);
  });

  it('claims its eventId again when it is replayed', async () => {
    const { accept, target } = await anIntake();
    const request = { ...input, target, message: aNewMessage({ eventId: 'order-1' }) };
    await accept(request);
    expect(await accept(request)).toMatchObject({ kind: 'repeated' });
    await expect(accept({ ...request, identity: fresh })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is put into the order of an application that keeps one, at every replay', async () => {
    const { accept, messages, target } = await anIntake({}, anApplication({ orderedAt: startOfTests }));
    const { message } = await accept({ ...input, target });
    expect(messages.relayed()).toEqual([message]);
    messages.relay = async () => Promise.reject(new Error('relayed again'));
    await expect(accept({ ...input, target })).rejects.toThrow('relayed again');
  });

  it.each(['order-7', ids.application])('must be a message id: %s', async (text) => {
    const { accept, messages, target } = await anIntake();
    const refused = accept({ ...input, target, identity: { kind: 'given', messageId: text } });
    await expect(refused).rejects.toThrow(new RangeError(`${text} is not a message id`));
    expect(messages.all()).toEqual([]);
  });
});

describe('an eventId', () => {
  const input = { message: aNewMessage({ eventId: 'order-1' }), identity: fresh };

  it('is held by one message of an application', async () => {
    const { accept, messages, target } = await anIntake();
    await accept({ ...input, target });
    await expect(accept({ ...input, target })).rejects.toMatchObject({
      code: 'conflict',
      message: 'A message with this eventId already exists',
    });
    expect(messages.all()).toHaveLength(1);
  });

  it('can be held in each application', async () => {
    const { accept, messages, target } = await anIntake();
    await accept({ ...input, target });
    const other = { ...target, application: anApplication({ applicationId: nthId('application', 1) }) };
    await accept({ ...input, target: other });
    expect(messages.all()).toHaveLength(2);
  });

  it('is held by one message of several that are accepted at the same time', async () => {
    const { accept, messages, target } = await anIntake();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => accept({ ...input, target })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(messages.all()).toHaveLength(1);
  });

  it('is free when its message has expired', async () => {
    let now = startOfTests.getTime();
    const { accept, target } = await anIntake({ clock: () => new Date(now) });
    const request = { ...input, target, message: aNewMessage({ eventId: 'order-1', retentionMs: 1_000 }) };
    await accept(request);
    now += 999;
    await expect(accept(request)).rejects.toMatchObject({ code: 'conflict' });
    now += 1;
    expect(await accept(request)).toMatchObject({ kind: 'accepted' });
  });

  it('is taken over from a request that died more than a minute ago', async () => {
    const { accept, claims, messages, target } = await anIntake({ clock: () => secondsLater(60.001) });
    await claims.claim(anEventClaim());
    const { message } = await accept({ ...input, target });
    expect(messages.all()).toEqual([message]);
    expect(await claims.find(anEventClaim().key, secondsLater(61))).toMatchObject({ messageId: message.messageId });
  });

  it('is taken over from a dead request by one of two', async () => {
    const { accept, claims, messages, target } = await anIntake({ clock: () => secondsLater(60.001) });
    await claims.claim(anEventClaim());
    const results = await Promise.allSettled([accept({ ...input, target }), accept({ ...input, target })]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(messages.all()).toHaveLength(1);
  });

  it('stays with a request that may still be running', async () => {
    const { accept, claims, target } = await anIntake({ clock: () => secondsLater(60) });
    await claims.claim(anEventClaim());
    await expect(accept({ ...input, target })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stays with a stored message, however long ago it was claimed', async () => {
    const { accept, claims, messages, target } = await anIntake({ clock: () => secondsLater(3_600) });
    await claims.claim(anEventClaim());
    await messages.insert(aMessage({ messageId: anEventClaim().messageId }));
    await expect(accept({ ...input, target })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stays with a message that was expunged, however long ago', async () => {
    let now = startOfTests;
    const { accept, messages, target } = await anIntake({ clock: () => now });
    const { message } = await accept({ ...input, target });
    await messages.expunge(ids.application, message.messageId, secondsLater(1));
    now = secondsLater(3_600);
    await expect(accept({ ...input, target })).rejects.toMatchObject({ code: 'conflict' });
  });

  const anEventClaim = () => aClaim({ key: `event#${ids.application}#order-1`, messageId: nthMessageId(1, 'sharded') });
});
