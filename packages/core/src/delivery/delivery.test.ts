import { createMessageId } from '../identifier/identifier.ts';
import { attemptIdOf } from './attempt-id.ts';
import { type Delivery, delaySecondsOf, deliveryIdOf, dueTimeOf, followUpOf, takeUpTimeOf } from './delivery.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const delivery: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: createMessageId(at(0), new Uint8Array(15), 'sharded'),
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: at(5),
  trigger: 'scheduled',
};

describe('a delivery', () => {
  it('has an id made of its message and its endpoint', () => {
    expect(deliveryIdOf({ messageId: 'msg_1', endpointId: 'ep_1' })).toBe('msg_1_ep_1');
  });

  it.each([
    [undefined, at(5)],
    [at(4), at(5)],
    [at(6), at(6)],
  ])('planned for second 5 and deferred to %s is due at %s', (notBefore, due) => {
    expect(dueTimeOf({ scheduledAt: at(5), ...(notBefore && { notBefore }) })).toEqual(due);
  });

  it('keeps the id of its attempt when it is deferred', () => {
    expect(attemptIdOf({ ...delivery, notBefore: at(60) })).toBe(attemptIdOf(delivery));
  });

  it('with a slot comes back within the second before it, and any other one not before it is due', () => {
    const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
    const due = new Date(at(60).getTime() + 400);
    const waits = { ...delivery, notBefore: due };
    expect(delaySecondsOf(waits, at(50))).toBe(11);
    expect(delaySecondsOf({ ...waits, slot }, at(50))).toBe(10);
    expect([at(60), at(61)].map((now) => delaySecondsOf({ ...waits, slot }, now))).toEqual([0, 0]);
    expect(takeUpTimeOf(waits, due)).toEqual(due);
    expect(takeUpTimeOf({ ...waits, slot }, due)).toEqual(new Date(at(59).getTime() + 400));
  });

  it('is followed by an attempt with the next number, at the planned time, without the deferral', () => {
    const slot = { of: 'all', rates: {}, tries: 1 } as const;
    const next = followUpOf({ ...delivery, notBefore: at(60), slot }, at(300));
    expect(next).toEqual({ ...delivery, attemptNumber: 3, scheduledAt: at(300) });
    expect(next).not.toHaveProperty('notBefore');
    expect(next).not.toHaveProperty('slot');
  });
});
