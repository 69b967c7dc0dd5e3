import { timeOfId } from '@posthorn/core';
import {
  aMessage,
  anApplication,
  anAttempt,
  anEndpoint,
  ids,
  inMemoryAttempts,
  inMemoryMessages,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { aSourceOfBytes } from './fixtures/an-intake.ts';
import { createMessageResender } from './resend-message.ts';

const now = secondsLater(60);
const request = { application: anApplication(), endpoint: anEndpoint(), messageId: ids.message, now };

function aResender() {
  const messages = inMemoryMessages();
  const attempts = inMemoryAttempts();
  return { messages, attempts, resend: createMessageResender({ messages, attempts, randomBytes: aSourceOfBytes() }) };
}

describe('resending a message', () => {
  it('is stored with the id that its attempt will have', async () => {
    const { messages, resend } = aResender();
    await messages.insert(aMessage());
    await resend(request);
    const attemptId = messages.resends()[0]?.attemptId ?? '';
    expect(timeOfId(attemptId)).toEqual(now);
    expect(messages.resends()).toEqual([
      {
        organisationId: ids.organisation,
        applicationId: ids.application,
        messageId: ids.message,
        endpointId: ids.endpoint,
        attemptId: expect.stringMatching(/^atmpt_\w{27}$/),
        requestedAt: now,
      },
    ]);
  });

  it('is a new attempt each time', async () => {
    const { messages, resend } = aResender();
    await messages.insert(aMessage());
    await resend(request);
    await resend(request);
    expect(messages.resends()).toHaveLength(2);
  });

  it('does nothing at a disabled endpoint', async () => {
    const { messages, resend } = aResender();
    await messages.insert(aMessage());
    await resend({ ...request, endpoint: anEndpoint({ disabled: true }) });
    expect(messages.resends()).toEqual([]);
  });

  it('is refused when the message is no longer kept, but was attempted', async () => {
    const { attempts, messages, resend } = aResender();
    await attempts.record(anAttempt());
    await expect(resend(request)).rejects.toMatchObject({
      code: 'missing_payload',
      message: 'The payload of this message is no longer kept',
    });
    expect(messages.resends()).toEqual([]);
  });

  it('is refused when the message was expunged, whether or not it was attempted', async () => {
    const { messages, resend } = aResender();
    await messages.insert(aMessage());
    await messages.expunge(ids.application, ids.message, now);
    await expect(resend(request)).rejects.toMatchObject({ code: 'missing_payload' });
    expect(messages.resends()).toEqual([]);
  });

  it.each([
    ['there is no such message', aMessage({ messageId: nthId('message', 1) }), undefined],
    ['it is another application’s', aMessage({ applicationId: nthId('application', 1) }), undefined],
    ['it was attempted for another application', undefined, anAttempt({ applicationId: nthId('application', 1) })],
  ])('is refused when %s', async (_, message, attempt) => {
    const { attempts, messages, resend } = aResender();
    if (message) await messages.insert(message);
    if (attempt) await attempts.record(attempt);
    await expect(resend(request)).rejects.toMatchObject({ code: 'not_found', message: 'Entity not found' });
  });
});
