import type { Delivery } from '../delivery.ts';
import { afterStep } from './after-step.ts';
import { recheckAfterMs } from './change-group.ts';
import { beginRun, type GroupJob, type GroupRun, stepOf } from './group-run.ts';
import type { ParkedGroup } from './parked-group.ts';
import type { Standing } from './standing.ts';
import type { Placed, Step, StepResult } from './step.ts';

const now = new Date('2026-01-01T00:00:00Z');
const later = new Date(now.getTime() + 5_000);
const item: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: now,
  trigger: 'scheduled',
};
const head = { epoch: 7, head: 'msg_1', place: '1', attempt: 2 };
const blocked: ParkedGroup = { ...head, state: 'blocked', reason: 'exhausted', parks: 3 };
const waiting: ParkedGroup = { ...head, state: 'waiting', reason: 'retry', notBefore: now, parks: 3 };
const delivery: GroupJob = { kind: 'delivery', item, place: '1' };
const wake: GroupJob = { kind: 'wake', epoch: 7, slice: 4 };
const command = (action: 'skip' | 'attempt' | 'leave' | 'give-up', given: Partial<ParkedGroup> = {}): GroupJob => ({
  kind: 'command',
  action,
  head: 'msg_1',
  attempt: 2,
  ...given,
});
const done: Step = { kind: 'finish', result: { kind: 'done' } };
const readLowest: Step = { kind: 'read-lowest' };
const deleteParked: Step = { kind: 'delete-parked', place: '1' };

const context = { now, newEpoch: 8, hasTime: true };
const after = (run: GroupRun, result: StepResult, hasTime = true) => afterStep(run, result, { ...context, hasTime });
const received = (job: GroupJob, group?: ParkedGroup, hasTime = true) =>
  after(beginRun(job), { kind: 'group', group }, hasTime);
/** A worker that reads the lowest row, in a group that it may drain. */
const draining = (job: GroupJob = wake, group: ParkedGroup = waiting): GroupRun => {
  const run = received(job, group);
  return stepOf(run).kind === 'move-group' ? after(run, { kind: 'done' }) : run;
};
const found = (run: GroupRun, lowest?: Placed, hasTime = true) => after(run, { kind: 'lowest', lowest }, hasTime);
const standing = (run: GroupRun, of: Standing) => after(run, { kind: 'standing', standing: of }).steps;
const waits = { kind: 'waits', until: later, reason: 'retry', item } as const;
const waitingAgain = { state: 'waiting', ...head, epoch: 8, reason: 'retry', notBefore: later };
const hint: Step = { kind: 'hint', epoch: 8, at: later };

describe('a delivery that comes from the queue', () => {
  it('is attempted in a group that flows, if there is time', () => {
    expect(received(delivery).steps).toEqual([{ kind: 'attempt', item }]);
    expect(received(delivery, undefined, false).steps).toEqual([{ kind: 'finish', result: { kind: 'held' } }]);
  });

  it('is parked in a group that does not flow, unless it is there', () => {
    const parks = [{ kind: 'park-behind', item, place: '2' }, done];
    expect(received({ ...delivery, place: '2' } as GroupJob, blocked).steps).toEqual(parks);
    expect(received(delivery, { ...waiting, epoch: 8, notBefore: later }).steps).toEqual([hint, done]);
    expect(received(delivery, blocked).steps).toEqual([done]);
  });

  it('leaves after its attempt, becomes the head of a group that waits or is blocked, or goes back', () => {
    const run = received(delivery);
    expect(standing(run, { kind: 'through' })).toEqual([done]);
    expect(standing(run, waits)).toEqual([{ kind: 'open-group', item, to: waitingAgain, wakeAt: later }, hint, done]);
    const to = { state: 'blocked', ...head, epoch: 8, reason: 'endpoint-disabled' };
    expect(standing(run, { kind: 'gone', item, attemptedAt: now })).toEqual([
      { kind: 'disable-endpoint', at: now },
      { kind: 'open-group', item, to, wakeAt: new Date(now.getTime() + recheckAfterMs) },
      done,
    ]);
    expect(standing(run, { kind: 'overtaken' })).toEqual([{ kind: 'finish', result: { kind: 'held' } }]);
  });

  it('reads the group again if that is not what it was', () => {
    const run = { ...received(delivery), steps: [{ kind: 'park-behind', item, place: '1' } as const, done] };
    expect(after(run, { kind: 'refused' })).toEqual(beginRun(delivery));
    expect(after(run, { kind: 'done' }).steps).toEqual([done]);
  });
});

describe('a wake', () => {
  it('does nothing in another epoch, or in a group that is blocked', () => {
    expect(received(wake).steps).toEqual([done]);
    expect(received(wake, { ...waiting, epoch: 6 }).steps).toEqual([done]);
    expect(received(wake, blocked).steps).toEqual([done]);
  });

  it('drains a group whose wait is over, and one that was blocked for a disabled endpoint', () => {
    expect(received(wake, waiting).drain).toEqual({ epoch: 7, parks: 3, slice: 4 });
    const attemptNow = { head: 'msg_1', attempt: 2 };
    expect(received(wake, { ...waiting, reason: 'resumed' }).drain).toMatchObject({ attemptNow });
    expect(received(wake, { ...waiting, isAsked: true }).drain).toMatchObject({ attemptNow });
    const disabled = received(wake, { ...blocked, reason: 'endpoint-disabled' });
    expect(disabled.drain).toMatchObject({ attemptNow, recheck: 'msg_1' });
    expect(standing(found(disabled, { item, place: '1' }), { kind: 'endpoint-disabled', item })).toEqual([done]);
  });

  it('is held until its time, for at most a minute', () => {
    const at = (ms: number) => new Date(now.getTime() + ms);
    const until = (ms: number) => received(wake, { ...waiting, notBefore: at(ms) }).steps;
    expect(until(1)).toEqual([{ kind: 'finish', result: { kind: 'held', until: at(1) } }]);
    expect(until(90_000)).toEqual([{ kind: 'finish', result: { kind: 'held', until: at(60_000) } }]);
  });
});

describe('a worker that drains a group', () => {
  it('lets it flow when nothing is left', () => {
    expect(found(draining()).steps).toEqual([{ kind: 'delete-group', epoch: 7, parks: 3 }, done]);
  });

  it('attempts the lowest delivery, or hands over if it has no time', () => {
    expect(found(draining(), { item, place: '1' }).steps).toEqual([{ kind: 'attempt', item }]);
    const handOver = { kind: 'hand-over', epoch: 7, slice: 5 };
    expect(found(draining(), { item, place: '1' }, false).steps).toEqual([handOver, done]);
  });

  it('goes on with the next one, or moves the group', () => {
    const run = found(draining(), { item, place: '1' });
    expect(standing(run, { kind: 'through' })).toEqual([deleteParked, readLowest]);
    const move = { kind: 'move-group', from: 7, to: waitingAgain, item, wakeAt: later };
    expect(standing(run, waits)).toEqual([move, hint, done]);
    expect(standing(run, { kind: 'overtaken' })).toEqual([{ kind: 'finish', result: { kind: 'held' } }]);
    const to = { state: 'blocked', ...head, epoch: 8, reason: 'fault' };
    expect(standing(run, { kind: 'faulty', item })).toEqual([{ kind: 'move-group', from: 7, to, item }, done]);
  });

  it('ends if another worker has moved the group', () => {
    const run: GroupRun = { ...draining(), steps: [{ kind: 'move-group', from: 7, to: blocked }, done] };
    expect(after(run, { kind: 'refused' }).steps).toEqual([done]);
  });

  it('leaves a row as it is that cannot be read', () => {
    const unreadable = { unusable: 'x' };
    const run = found(draining(), { item, place: '1', unreadable });
    expect(run.steps).toEqual([{ kind: 'attempt', item, unreadable }]);
    const to = { state: 'blocked', ...head, epoch: 8, reason: 'unusable', detail: 'x' };
    const unusable = { kind: 'unusable', item, reason: 'x', policy: 'block' } as const;
    expect(standing(run, unusable)).toEqual([{ kind: 'move-group', from: 7, to }, done]);
  });
});

describe('a command', () => {
  it('makes its group one whose wait is over, and then acts', () => {
    const { parks: _, ...present } = blocked;
    const to = { ...present, state: 'waiting', epoch: 8, notBefore: now, reason: 'resumed' };
    const move = { kind: 'move-group', from: 7, to, wakeAt: now };
    expect(received(command('skip'), blocked).steps).toEqual([move, readLowest]);
  });

  it('does nothing for another head, another attempt, or in a group that it does not concern', () => {
    const over = (job: GroupJob, group?: ParkedGroup) => expect(received(job, group).steps).toEqual([done]);
    over(command('skip'));
    over(command('skip'), { ...blocked, head: 'msg_2' });
    over(command('attempt'), { ...blocked, attempt: 3 });
    over(command('leave'), waiting);
    over(command('give-up'), waiting);
    over(command('give-up'), { ...blocked, reason: 'unusable' });
  });

  it('attempts the head now, and says so to those after it if the attempt is put off', () => {
    const run = found(draining(command('attempt'), blocked), { item, place: '1' });
    expect(run.steps).toEqual([{ kind: 'attempt', item, now: 2 }]);
    const [move] = standing(run, { ...waits, reason: 'throttled' });
    expect(move).toMatchObject({ kind: 'move-group', from: 8, to: { reason: 'throttled', isAsked: true } });
    expect(standing(run, waits)[0]).not.toMatchObject({ to: { isAsked: true } });
    const other = { ...item, messageId: 'msg_2' };
    expect(found(draining(command('attempt'), blocked), { item: other, place: '2' }).steps).toEqual([
      { kind: 'attempt', item: other },
    ]);
  });

  it('skips the head with a receipt, and one that cannot be used with its reason', () => {
    const ends = (group: ParkedGroup, lowest: Placed = { item, place: '1' }) =>
      found(draining(command('skip'), group), lowest).steps;
    const skipped = { state: 'failed', reason: 'skipped' };
    expect(ends(blocked)).toEqual([
      { kind: 'dead-letter', item, reason: 'skipped by request' },
      { kind: 'put-ending', item, ending: skipped },
      deleteParked,
      readLowest,
    ]);
    const unusable: ParkedGroup = { ...blocked, reason: 'unusable', detail: 'x' };
    expect(ends(unusable)).toEqual([
      { kind: 'dead-letter', item, reason: 'x' },
      { kind: 'put-ending', item, ending: { state: 'failed', reason: 'set_aside' } },
      deleteParked,
      readLowest,
    ]);
    const unreadable = { unusable: 'x', isNameless: true } as const;
    expect(ends(unusable, { item, place: '1', unreadable })).toEqual([{ kind: 'attempt', item, unreadable }]);
  });

  it('lets the head leave that was accepted beside its group, or that may no longer block it', () => {
    const lowest = { item, place: '1' };
    expect(found(draining(command('leave'), blocked), lowest).steps).toEqual([deleteParked, readLowest]);
    const given = found(draining(command('give-up'), blocked), lowest).steps;
    expect(given[0]).toEqual({ kind: 'dead-letter', item, reason: 'retries exhausted' });
    const expired = found(draining(command('give-up'), { ...blocked, reason: 'message-expired' }), lowest).steps;
    expect(expired[0]).toEqual({ kind: 'dead-letter', item, reason: 'the message has expired' });
  });
});
