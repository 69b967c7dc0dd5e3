import { wakeGroup } from './drain.ts';
import type { GroupReason, ParkedGroup } from './parked-group.ts';

const now = new Date('2026-01-01T00:00:00Z');
const waiting = (reason: GroupReason): ParkedGroup => ({
  state: 'waiting',
  epoch: 7,
  head: 'msg_1',
  place: '1',
  attempt: 1,
  notBefore: new Date(now.getTime() + 600_000),
  reason,
  parks: 1,
});
const stepsOf = (reason: GroupReason) =>
  wakeGroup({ kind: 'wake', epoch: 7, slice: 0 }, waiting(reason), { now, newEpoch: 8, hasTime: true }).steps;

describe('a wake that comes before the wait of its group is over', () => {
  it('gives the group back', () => {
    expect(stepsOf('retry')).toMatchObject([{ kind: 'finish', result: { kind: 'held' } }]);
  });

  it('drains a group that waits for its endpoint: the endpoint may have recovered', () => {
    expect(stepsOf('endpoint-failing')).toEqual([{ kind: 'read-lowest' }]);
  });
});
