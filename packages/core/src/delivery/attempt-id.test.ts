import { createMessageId, isId, timeOfId } from '../identifier/identifier.ts';
import { attemptIdOf, firstAttemptIdOf } from './attempt-id.ts';
import type { Delivery } from './delivery.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const messageIdWith = (firstByte: number) =>
  createMessageId(
    at(0),
    Uint8Array.from({ length: 15 }, (_, index) => (index === 0 ? firstByte : 7)),
    'sharded',
  );
const delivery: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: messageIdWith(1),
  endpointId: 'ep_1',
  attemptNumber: 1,
  scheduledAt: at(5),
  trigger: 'scheduled',
};

describe('the id of an attempt', () => {
  it('stays the same from version to version: a job must find the attempt that an older version recorded', () => {
    expect(attemptIdOf(delivery)).toBe('atmpt_37dGbOlG9R59Dz8vb5QWdQfPzDq');
  });

  it('is an attempt id with the time that the attempt was planned for', () => {
    expect(isId('attempt', attemptIdOf(delivery))).toBe(true);
    expect(timeOfId(attemptIdOf(delivery))).toEqual(at(5));
  });

  it.each<[string, Partial<Delivery>]>([
    ['message', { messageId: messageIdWith(2) }],
    ['endpoint', { endpointId: 'ep_2' }],
    ['number', { attemptNumber: 2 }],
    ['planned time', { scheduledAt: at(6) }],
  ])('differs by the %s', (_, other) => {
    expect(attemptIdOf({ ...delivery, ...other })).not.toBe(attemptIdOf(delivery));
  });

  it('differs for two pairs of ids that give the same text when they are joined', () => {
    const one = attemptIdOf({ ...delivery, endpointId: 'ep_1.1', attemptNumber: 2 });
    expect(attemptIdOf({ ...delivery, endpointId: 'ep_1', attemptNumber: 12 })).not.toBe(one);
  });

  it('sorts the first attempts of messages like the messages', () => {
    const ids = [0, 1, 2, 100, 255].map((byte) => attemptIdOf({ ...delivery, messageId: messageIdWith(byte) }));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('is the one that was returned to the caller, for a manual attempt', () => {
    expect(attemptIdOf({ ...delivery, trigger: 'manual', attemptId: 'atmpt_given' })).toBe('atmpt_given');
  });

  it('is known from the message and the endpoint, for a first attempt at the time in the id of the message', () => {
    const { messageId, endpointId } = delivery;
    const first = firstAttemptIdOf({ messageId, endpointId });
    expect(attemptIdOf({ ...delivery, scheduledAt: timeOfId(messageId) })).toBe(first);
    expect(attemptIdOf({ ...delivery, scheduledAt: at(6) })).not.toBe(first);
    expect(attemptIdOf({ ...delivery, scheduledAt: timeOfId(messageId), attemptNumber: 2 })).not.toBe(first);
  });
});
