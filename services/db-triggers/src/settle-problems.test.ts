import { PassingError } from '@posthorn/core';
import { aDelivery } from '@posthorn/testing';
import { aSetAsideWorld } from './fixtures/set-aside-world.ts';
import { createSettleProblems, type Problem } from './settle-problems.ts';

const places = [0, 1, 2, 3].map((n) => ({ table: 'messages', key: { row: `row-${n}` }, sequenceNumber: `${n + 10}` }));
const bug = new TypeError('bug');
const outage = new PassingError('away');
const ofRecord = (index: number, error: unknown = bug): Problem => ({ index, error, concerns: { kind: 'record' } });
const ofDelivery = (index: number, error: unknown = bug): Problem => ({
  index,
  error,
  concerns: { kind: 'delivery', queue: 'fifo', delivery: aDelivery() },
});

describe('settling the problems of a batch', () => {
  it('has nothing to do for a batch that is done', async () => {
    const world = aSetAsideWorld();
    expect(await createSettleProblems(world)(places, [])).toBeUndefined();
    expect([world.lines, world.counts.size]).toEqual([[], 0]);
  });

  it('sets permanent problems aside, each with its record or delivery', async () => {
    const world = aSetAsideWorld();
    expect(await createSettleProblems(world)(places, [ofDelivery(2), ofRecord(0)])).toBeUndefined();
    const reason = 'fault in Posthorn: TypeError';
    expect(world.records).toEqual([{ place: places[0], reason }]);
    expect(world.deliveries).toEqual([{ queue: 'fifo', delivery: aDelivery(), reason }]);
    expect(world.lines).toEqual(['warn stream.record_set_aside', 'warn delivery.set_aside']);
    const { messageId, endpointId } = aDelivery();
    expect(world.fieldsOf('delivery.set_aside')).toEqual({
      messageId,
      endpointId,
      sequenceNumber: '12',
      reason,
      error: bug,
    });
    expect(world.fieldsOf('stream.record_set_aside')).toEqual({ ...places[0], reason, error: bug });
    expect(Object.fromEntries(world.counts)).toEqual({ RecordsSetAside: 1, DeliveriesSetAside: 1 });
  });

  it('ends at the first passing problem: the records behind it come again', async () => {
    const world = aSetAsideWorld();
    const problems = [ofRecord(3), ofDelivery(1, outage), ofRecord(0), ofRecord(2, outage)];
    expect(await createSettleProblems(world)(places, problems)).toBe('11');
    expect(world.records.map(({ place }) => place.sequenceNumber)).toEqual(['10']);
  });

  it.each([
    ['record', ofRecord(1), { record: () => Promise.reject(outage) }],
    ['delivery', ofDelivery(1), { delivery: () => Promise.reject(outage) }],
  ])('runs a record again whose %s cannot be set aside now', async (_, problem, setAside) => {
    const world = aSetAsideWorld(setAside);
    expect(await createSettleProblems(world)(places, [problem, ofRecord(2)])).toBe('11');
    expect(world.lines).toEqual(['error stream.record_failed']);
    expect(world.counts.size).toBe(0);
  });

  it('sets the record aside if its delivery cannot become a job', async () => {
    const world = aSetAsideWorld({ delivery: () => Promise.reject(new RangeError('Invalid time value')) });
    expect(await createSettleProblems(world)(places, [ofDelivery(1)])).toBeUndefined();
    expect(world.records).toEqual([{ place: places[1], reason: 'fault in Posthorn: TypeError' }]);
  });

  it('goes on past a record that no queue accepts, and logs it', async () => {
    const world = aSetAsideWorld({ record: () => Promise.reject(new TypeError('other')) });
    expect(await createSettleProblems(world)(places, [ofRecord(1), ofDelivery(2)])).toBeUndefined();
    expect(world.lines).toEqual(['error stream.record_lost', 'warn delivery.set_aside']);
    expect(world.counts.get('RecordsSetAside')).toBe(1);
  });
});
