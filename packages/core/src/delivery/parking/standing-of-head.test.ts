import type { Delivery } from '../delivery.ts';
import type { StoredDelivery } from '../stored-delivery.ts';
import { afterRecord, type HeadProgress } from './head-progress.ts';
import { standingAfterAttempt, standingWithoutAttempt } from './standing-after-attempt.ts';
import { type HeadFacts, standingOfHead, unusableEndpoint, wasSetAside } from './standing-of-head.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const item: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: at(10),
  trigger: 'scheduled',
};
const block = { order: { onExhausted: 'block' }, disabled: false } as const;
const skip = { order: { onExhausted: 'skip' }, disabled: false } as const;
const open: HeadProgress = { kind: 'open', delivery: item };
const next: Delivery = { ...item, attemptNumber: 3, scheduledAt: at(11) };
const endedBy = (by: 'exhausted' | 'gone' | 'aborted'): HeadProgress => ({
  kind: 'ended',
  by,
  attemptedAt: at(11),
  last: item,
  delivery: next,
});
const row = (status: Pick<StoredDelivery, 'state' | 'reason'>, delivery = item) =>
  ({ ...status, delivery, since: at(0) }) as StoredDelivery;

const standing = (
  facts: Partial<HeadFacts> & { readonly progress?: HeadProgress; readonly stored?: StoredDelivery },
) => {
  const { progress = open, stored, ...rest } = facts;
  const known = { hasMessage: true, wasAccepted: false };
  return standingOfHead({ item, history: { progress, stored }, endpoint: block, now: at(10), ...known, ...rest });
};
const broken = { unusable: 'row has an invalid attribute: x' };

describe('the head of a group', () => {
  it('is sent if its attempt is due, and waits before', () => {
    expect(standing({})).toEqual({ kind: 'send', item });
    expect(standing({ now: at(9) })).toEqual({ kind: 'waits', until: at(10), reason: 'retry', item });
    expect(standing({ now: at(9), asked: 2 })).toEqual({ kind: 'send', item });
    expect(standing({ now: at(9), asked: 1 })).toMatchObject({ kind: 'waits' });
  });

  it('says why it waits', () => {
    const scheduled = { ...item, attemptNumber: 1 };
    const wait = (delivery: Delivery) => standing({ now: at(9), progress: { kind: 'open', delivery } });
    expect(wait(scheduled)).toMatchObject({ reason: 'scheduled' });
    expect(wait({ ...item, notBefore: at(20) })).toMatchObject({ reason: 'throttled', until: at(20) });
  });

  it('is taken up a second before its slot', () => {
    const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
    const progress = { kind: 'open', delivery: { ...item, notBefore: at(20), slot } } as const;
    expect(standing({ progress, now: at(18) })).toMatchObject({ kind: 'waits' });
    expect(standing({ progress, now: at(19) })).toMatchObject({ kind: 'send' });
  });

  it('is through if it was accepted, whatever became of its endpoint', () => {
    for (const endpoint of [block, undefined, broken])
      expect(standing({ progress: { kind: 'through' }, endpoint })).toEqual({ kind: 'through' });
  });

  it.each([
    [{ state: 'failed', reason: 'skipped' }, item, 'through'],
    [{ state: 'canceled', reason: 'endpoint_deleted' }, item, 'through'],
    [{ state: 'failed', reason: 'set_aside' }, item, 'send'],
    [{ state: 'planned', reason: 'retry' }, item, 'send'],
    [{ state: 'failed', reason: 'exhausted' }, { ...item, retriesFrom: 9 }, 'send'],
  ] as const)('with the row %j of %j: %s', (status, delivery, kind) => {
    expect(standing({ stored: row(status, delivery) })).toMatchObject({ kind });
  });

  it.each([
    [{ state: 'failed', reason: 'set_aside' }, item, true],
    [{ state: 'failed', reason: 'set_aside' }, { ...item, retriesFrom: 9 }, false],
    [{ state: 'failed', reason: 'skipped' }, item, false],
  ] as const)('whose row is %j of %j was set aside by its group: %s', (status, delivery, expected) => {
    expect(wasSetAside(row(status, delivery))).toBe(expected);
  });

  it('ends if its endpoint was deleted, also if its rows cannot be read', () => {
    expect(standing({ endpoint: undefined })).toEqual({ kind: 'endpoint-deleted', item });
    expect(standing({ endpoint: undefined, history: broken })).toEqual({ kind: 'endpoint-deleted', item });
  });

  it.each([
    ['block', block],
    ['skip', skip],
  ] as const)('follows the policy %s when its retries are used up', (policy, endpoint) => {
    const expected = { kind: 'used-up', why: 'exhausted', policy, last: item, item: next };
    expect(standing({ progress: endedBy('exhausted'), endpoint })).toEqual(expected);
    expect(standing({ hasMessage: false, endpoint })).toEqual({
      ...{ kind: 'used-up', why: 'message-expired', policy },
      last: item,
      item,
    });
  });

  it('has no policy that blocks in an endpoint that left FIFO mode', () => {
    expect(standing({ hasMessage: false, endpoint: { disabled: false } })).toMatchObject({ policy: 'skip' });
  });

  it('is attempted after its end if someone asks for that attempt, unless the endpoint gave the message up', () => {
    for (const by of ['exhausted', 'gone'] as const) {
      expect(standing({ progress: endedBy(by), asked: 3 })).toEqual({ kind: 'send', item: next });
      expect(standing({ progress: endedBy(by), asked: 2 })).not.toMatchObject({ kind: 'send' });
    }
    expect(standing({ progress: endedBy('aborted'), asked: 3 })).toEqual({ kind: 'aborted', item });
    expect(standing({ progress: endedBy('gone') })).toEqual({ kind: 'gone', item: next, attemptedAt: at(11) });
  });

  it('is through after its end if an attempt beside the group was accepted', () => {
    expect(standing({ progress: endedBy('exhausted'), wasAccepted: true })).toEqual({ kind: 'through' });
    expect(standing({ progress: endedBy('exhausted'), wasAccepted: true, asked: 3 })).toEqual({ kind: 'through' });
    expect(standing({ wasAccepted: true, hasMessage: false })).toEqual({ kind: 'through' });
    expect(standing({ wasAccepted: true, asked: 2 })).toEqual({ kind: 'through' });
    expect(standing({ wasAccepted: true })).toEqual({ kind: 'send', item });
  });

  it('is not sent if its endpoint is disabled', () => {
    expect(standing({ endpoint: { ...block, disabled: true } })).toEqual({ kind: 'endpoint-disabled', item });
  });

  it('asks for a fact only when it decides', () => {
    const history = { progress: open, stored: undefined };
    const facts = { item, history, endpoint: block, now: at(10) };
    expect(standingOfHead(facts)).toEqual({ kind: 'ask', fact: 'hasMessage' });
    expect(standingOfHead({ ...facts, now: at(9) })).toMatchObject({ kind: 'waits' });
    const ended = { progress: endedBy('exhausted'), stored: undefined };
    expect(standingOfHead({ ...facts, history: ended })).toEqual({ kind: 'ask', fact: 'wasAccepted' });
  });

  it('whose own data cannot be used follows the policy', () => {
    for (const [policy, endpoint] of [['block', block] as const, ['skip', skip] as const]) {
      const expected = { kind: 'unusable', item, reason: broken.unusable, policy };
      expect(standing({ history: broken, endpoint })).toEqual(expected);
      expect(standing({ hasMessage: broken, endpoint })).toEqual(expected);
    }
    expect(standing({ history: { ...broken, isNameless: true }, endpoint: skip })).toMatchObject({ policy: 'block' });
  });

  it('always blocks if the data of its endpoint cannot be used', () => {
    const expected = { kind: 'unusable', item, reason: broken.unusable, policy: 'block' };
    expect(standing({ endpoint: broken })).toEqual(expected);
    expect(unusableEndpoint(item, broken)).toEqual(expected);
  });
});

describe('the head of a group after an attempt', () => {
  const after = (kind: 'done' | 'exhausted' | 'gone' | 'aborted') =>
    standingAfterAttempt(
      item,
      { status: kind === 'done' ? 'succeeded' : 'failed', next: { kind }, attemptedAt: at(11) },
      skip,
    );

  it('is where its record says', () => {
    expect(after('done')).toEqual({ kind: 'through' });
    expect(after('aborted')).toEqual({ kind: 'aborted', item });
    expect(after('gone')).toEqual({ kind: 'gone', item: next, attemptedAt: at(11) });
    expect(after('exhausted')).toEqual({ kind: 'used-up', why: 'exhausted', policy: 'skip', last: item, item: next });
    const retry = { status: 'failed', next: { kind: 'retry', at: at(30) }, attemptedAt: at(11) } as const;
    const accepted = { status: 'succeeded', next: { kind: 'gone' }, attemptedAt: at(11) } as const;
    expect(standingAfterAttempt(item, accepted, block)).toEqual({ kind: 'through', goneAt: at(11) });
    const planned = { ...item, attemptNumber: 3, scheduledAt: at(30) };
    expect(standingAfterAttempt(item, retry, block)).toEqual({
      ...{ kind: 'waits', until: at(30), reason: 'retry' },
      item: planned,
    });
    expect(afterRecord(item, retry)).toEqual({ kind: 'open', delivery: planned });
  });

  it('that was put off stays at the same attempt', () => {
    const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
    const deferred = { kind: 'deferred', until: at(20), slot, reason: 'throttled' } as const;
    const turn = { ...item, notBefore: at(20), slot };
    const wait = { kind: 'waits', until: at(20), reason: 'throttled', item: turn };
    expect(standingWithoutAttempt(item, deferred, at(10))).toEqual(wait);
    const held = (until: Date) =>
      standingWithoutAttempt(item, { kind: 'held', until, reason: 'endpoint-failing' }, at(10));
    expect(held(at(20))).toEqual({ kind: 'waits', until: at(20), reason: 'endpoint-failing', item });
    expect(held(at(10))).toMatchObject({ until: at(15) });
  });
});
