import { placementOfMessageId } from '@posthorn/core';
import { aMessage, anApplication, nthMessageId, secondsLater, startOfTests } from '@posthorn/testing';
import { aClaim, aMeteredIntake, aNewMessage, anIntake, aTarget, orderLeaseMs } from './fixtures/an-intake.ts';

const input = { message: aNewMessage(), identity: { kind: 'fresh' } } as const;
const repeated = { ...input, identity: { kind: 'claimed', key: 'key' } } as const;
const ordered = (seconds: number) => anApplication({ orderedAt: secondsLater(seconds) });

/** An intake whose requests take this long after they have read the application. */
function aSlowIntake(ms: number) {
  const times = [startOfTests];
  const clock = () => times.shift() ?? new Date(startOfTests.getTime() + ms);
  return anIntake({ clock });
}

describe('the order of an application', () => {
  it('contains a new message because of where its row is stored', async () => {
    const { accept, messages, target } = await anIntake({}, ordered(0));
    const { message } = await accept({ ...input, target });
    expect(placementOfMessageId(message.messageId)).toBe('ordered');
    expect(messages.relayed()).toEqual([]);
  });

  it('does not exist for other applications: their messages are sharded', async () => {
    const { accept, messages, target } = await anIntake();
    const { message } = await accept({ ...input, target });
    expect(placementOfMessageId(message.messageId)).toBe('sharded');
    expect(messages.relayed()).toEqual([]);
  });

  it('contains a message that was accepted while it began, by a relay', async () => {
    const { accept, applications, messages, target } = await aSlowIntake(orderLeaseMs + 1);
    await applications.startOrdering(anApplication(), secondsLater(1));
    const { message } = await accept({ ...input, target });
    expect(messages.relayed()).toEqual([message]);
  });

  it('gets no relay from a slow request if it has not begun', async () => {
    const { accept, messages, target } = await aSlowIntake(orderLeaseMs + 1);
    await accept({ ...input, target });
    expect(messages.relayed()).toEqual([]);
  });

  it('gets no relay from a slow request if the application has been deleted', async () => {
    const { accept, applications, messages, target } = await aSlowIntake(orderLeaseMs + 1);
    await applications.delete(anApplication());
    expect(await accept({ ...input, target })).toMatchObject({ kind: 'accepted' });
    expect(messages.relayed()).toEqual([]);
  });

  it('is read again only by a request that took longer than the lease', async () => {
    const { accept, applications, messages, target } = await aSlowIntake(orderLeaseMs);
    await applications.startOrdering(anApplication(), secondsLater(1));
    await accept({ ...input, target });
    expect(messages.relayed()).toEqual([]);
  });

  it('is not read again if it was known', async () => {
    const { accept, calls } = await aMeteredIntake(ordered(0));
    const target = aTarget(ordered(0), secondsLater(-10));
    await accept({ ...input, target, identity: { kind: 'given', messageId: nthMessageId(0, 'sharded') } });
    expect(calls).toEqual(['messages.insert', 'messages.relay']);
  });

  it('contains a message with the id of a dead request from before it began', async () => {
    const { accept, claims, messages, target } = await anIntake({}, ordered(600));
    await claims.claim(aClaim());
    const { kind, message } = await accept({ ...repeated, target });
    expect(kind).toBe('accepted');
    expect(messages.relayed()).toEqual([message]);
  });

  it.each([
    ['that was accepted when it began', 0, 1],
    ['that was accepted up to a minute before: the first request may have died before the relay', 60, 1],
    ['only if it was not accepted earlier', 60.001, 0],
  ])('gets a relay of a repeated message %s', async (_, seconds, relays) => {
    const { accept, claims, messages, target } = await anIntake({}, ordered(seconds));
    const stored = aMessage({ messageId: aClaim().messageId, acceptedAt: startOfTests });
    await messages.insert(stored);
    await claims.claim(aClaim());
    expect(await accept({ ...repeated, target })).toEqual({ kind: 'repeated', message: stored });
    expect(messages.relayed()).toHaveLength(relays);
  });

  it('contains a repeated message that a slow request answers after it began', async () => {
    const { accept, applications, claims, messages, target } = await aSlowIntake(orderLeaseMs + 1);
    const stored = aMessage({ messageId: aClaim().messageId, acceptedAt: startOfTests });
    await messages.insert(stored);
    await claims.claim(aClaim());
    await applications.startOrdering(anApplication(), secondsLater(1));
    await accept({ ...repeated, target });
    expect(messages.relayed()).toEqual([stored]);
  });
});
