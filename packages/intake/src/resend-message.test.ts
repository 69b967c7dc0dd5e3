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
import { createMessageResender } from './resend-message.ts';

const now = secondsLater(60);
const attemptId = nthId('attempt', 59);
const request = { application: anApplication(), endpoint: anEndpoint(), messageId: ids.message, attemptId, now };

function aResender() {
  const messages = inMemoryMessages();
  const attempts = inMemoryAttempts();
  return { messages, attempts, resend: createMessageResender({ messages, attempts }) };
}

describe('resending a message', () => {
  it('is stored with the id that its attempt will have, and the time in it', async () => {
    const { messages, resend } = aResender();
    await messages.insert(aMessage());
    await resend(request);
    expect(messages.resends()).toEqual([
      {
        organisationId: ids.organisation,
        applicationId: ids.application,
        messageId: ids.message,
        endpointId: ids.endpoint,
        attemptId,
        requestedAt: secondsLater(59),
      },
    ]);
  });

  it('is stored once for each attempt', async () => {
    const { messages, resend } = aResender();
    const written: object[] = [];
    const { insertResend } = messages;
    messages.insertResend = async (row) => {
      written.push(row);
      await insertResend(row);
    };
    await messages.insert(aMessage());
    for (const at of [now, secondsLater(3_600)]) await resend({ ...request, now: at });
    expect(written).toEqual([written[0], written[0]]);
    await resend({ ...request, attemptId: nthId('attempt', 60) });
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
