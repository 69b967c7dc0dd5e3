import {
  aMessage,
  anAttempt,
  ids,
  inMemoryAttempts,
  inMemoryClaims,
  inMemoryMessages,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { eventClaimKey } from './event-claim-key.ts';
import { findMessage, resolveMessageId, wasAttempted } from './find-message.ts';
import { aClaim } from './fixtures/an-intake.ts';

const now = secondsLater(60);
const other = nthId('application', 1);

async function withEventId() {
  const claims = inMemoryClaims();
  const messages = inMemoryMessages();
  await messages.insert(aMessage({ eventId: 'order-1' }));
  await claims.claim(aClaim({ key: eventClaimKey(ids.application, 'order-1'), messageId: ids.message }));
  return { claims, messages };
}

describe('a message', () => {
  it.each([ids.message, 'order-1'])('is found by %s in its application', async (idOrEventId) => {
    const deps = await withEventId();
    const found = await findMessage(deps, { applicationId: ids.application, idOrEventId }, now);
    expect(found).toEqual(aMessage({ eventId: 'order-1' }));
    expect(await findMessage(deps, { applicationId: other, idOrEventId }, now)).toBeUndefined();
  });

  it('is found without its body if it was expunged', async () => {
    const deps = await withEventId();
    await deps.messages.expunge(ids.application, ids.message, secondsLater(1));
    const found = await findMessage(deps, { applicationId: ids.application, idOrEventId: 'order-1' }, now);
    expect(found).toMatchObject({ messageId: ids.message, eventId: 'order-1', expungedAt: secondsLater(1) });
    expect(found).not.toHaveProperty('body');
  });

  it('is not looked for under an eventId that no message holds', async () => {
    const { claims } = await withEventId();
    const messages = { findListed: () => Promise.reject(new Error('looked for')) };
    const name = { applicationId: ids.application, idOrEventId: 'order-2' };
    expect(await findMessage({ claims, messages }, name, now)).toBeUndefined();
  });

  it('has its id resolved without a read', async () => {
    const claims = { find: () => Promise.reject(new Error('looked up')) };
    const name = { applicationId: ids.application, idOrEventId: ids.message };
    expect(await resolveMessageId({ claims }, name, now)).toBe(ids.message);
  });
});

describe('attempts of a message', () => {
  it('count for their own application only', async () => {
    const attempts = inMemoryAttempts();
    await attempts.record(anAttempt());
    const asked = (applicationId: string, messageId: string) =>
      wasAttempted(attempts, { applicationId, messageId }, now);
    expect(await asked(ids.application, ids.message)).toBe(true);
    expect(await asked(other, ids.message)).toBe(false);
    expect(await asked(ids.application, nthId('message', 1))).toBe(false);
  });
});
