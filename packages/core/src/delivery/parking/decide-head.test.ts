import type { Delivery } from '../delivery.ts';
import { changeTo } from './change-group.ts';
import { decideHead, setAsideSteps, skipSteps } from './decide-head.ts';

const now = new Date('2026-01-01T00:00:00Z');
const item: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: now,
  trigger: 'scheduled',
};
const last = { ...item, attemptNumber: 1 };
const unusable = { kind: 'unusable', item, reason: 'x' } as const;
const usedUp = { kind: 'used-up', why: 'exhausted', last, item } as const;

describe('what becomes of the head of a group', () => {
  it('leaves without a receipt if it is through', () => {
    expect(decideHead({ kind: 'through' })).toEqual({ kind: 'leave', steps: [] });
  });

  it.each([
    [{ kind: 'aborted', item } as const, { state: 'failed', reason: 'aborted' }],
    [{ kind: 'endpoint-deleted', item } as const, { state: 'canceled', reason: 'endpoint_deleted' }],
  ])('leaves with a receipt: %j', (standing, ending) => {
    expect(decideHead(standing)).toEqual({ kind: 'leave', steps: [{ kind: 'put-ending', item, ending }] });
  });

  it('follows the policy if its attempts are used up', () => {
    expect(decideHead({ ...usedUp, policy: 'block' })).toEqual({ kind: 'block', item, reason: 'exhausted', steps: [] });
    expect(decideHead({ ...usedUp, policy: 'skip' })).toEqual({
      kind: 'leave',
      steps: [
        { kind: 'dead-letter', item: last, reason: 'retries exhausted' },
        { kind: 'put-ending', item: last, ending: { state: 'failed', reason: 'exhausted' } },
      ],
    });
  });

  it('is canceled if it expired, and failed if it was skipped', () => {
    expect(skipSteps(item, 'message-expired')).toEqual([
      { kind: 'dead-letter', item, reason: 'the message has expired' },
      { kind: 'put-ending', item, ending: { state: 'canceled', reason: 'message_expired' } },
    ]);
    expect(skipSteps(item, 'skipped')).toEqual([
      { kind: 'dead-letter', item, reason: 'skipped by request' },
      { kind: 'put-ending', item, ending: { state: 'failed', reason: 'skipped' } },
    ]);
  });

  it('follows the policy if its data cannot be used: it blocks and says why, or is set aside with the reason', () => {
    const blocked = { kind: 'block', item, reason: 'unusable', steps: [], detail: 'x' } as const;
    expect(decideHead({ ...unusable, policy: 'block' })).toEqual(blocked);
    expect(changeTo(blocked, '7', 3)).toEqual({
      ...{ state: 'blocked', epoch: 3, head: 'msg_1', place: '7', attempt: 2 },
      reason: 'unusable',
      detail: 'x',
    });
    const steps = [
      { kind: 'dead-letter', item, reason: 'x' },
      { kind: 'put-ending', item, ending: { state: 'failed', reason: 'set_aside' } },
    ];
    expect(decideHead({ ...unusable, policy: 'skip' })).toEqual({ kind: 'leave', steps });
    expect(setAsideSteps(item, 'x')).toEqual(steps);
  });

  it('blocks for a fault, and for a disabled endpoint', () => {
    expect(decideHead({ kind: 'faulty', item })).toEqual({ kind: 'block', item, reason: 'fault', steps: [] });
    const disabled = { kind: 'block', item, reason: 'endpoint-disabled' };
    expect(decideHead({ kind: 'endpoint-disabled', item })).toEqual({ ...disabled, steps: [] });
    const steps = [{ kind: 'disable-endpoint', at: now }];
    expect(decideHead({ kind: 'gone', item, attemptedAt: now })).toEqual({ ...disabled, steps });
  });

  it('waits, or goes back to the queue if another worker has the group', () => {
    const waits = { kind: 'waits', item, until: now, reason: 'retry' } as const;
    expect(decideHead(waits)).toEqual({ kind: 'wait', item, until: now, reason: 'retry' });
    expect(decideHead({ kind: 'overtaken' })).toEqual({ kind: 'give-back' });
  });
});
