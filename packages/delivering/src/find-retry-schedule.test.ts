import { PassingError, UnusableData } from '@posthorn/core';
import { ids, inMemoryRetrySchedules, nthId } from '@posthorn/testing';
import { createFindRetrySchedule } from './find-retry-schedule.ts';

const message = { organisationId: ids.organisation, eventType: 'invoice.paid' };
const own = { organisationId: ids.organisation };

function aFinder() {
  const schedules = inMemoryRetrySchedules();
  const clock = { ms: 0 };
  let reads = 0;
  const find = createFindRetrySchedule({
    findOverrides: (...of) => {
      reads += 1;
      return schedules.findOverrides(...of);
    },
    installation: [1],
    now: () => clock.ms,
    log: { error: () => undefined },
  });
  return { schedules, clock, find, reads: () => reads };
}

describe('the retry schedule of a failed attempt', () => {
  it('is the one of the endpoint, then of the event type, of the organisation, of the installation', async () => {
    const { schedules, clock, find } = aFinder();
    const next = async (endpoint = {}) => {
      clock.ms += 10_000;
      return find(endpoint, message);
    };
    expect(await next()).toEqual([1]);
    await schedules.put(own, [2]);
    expect(await next()).toEqual([2]);
    await schedules.put({ ...own, eventType: 'invoice.sent' }, [9]);
    expect(await next()).toEqual([2]);
    await schedules.put({ ...own, eventType: 'invoice.paid' }, []);
    expect(await next()).toEqual([]);
    expect(await next({ retrySchedule: [4] })).toEqual([4]);
  });

  it('costs no read if the endpoint has its own, and one read in ten seconds otherwise', async () => {
    const { clock, find, reads } = aFinder();
    await find({ retrySchedule: [] }, message);
    expect(reads()).toBe(0);
    await find({}, message);
    clock.ms = 9_999;
    await find({}, message);
    expect(reads()).toBe(1);
    await find({}, { ...message, eventType: 'other' });
    await find({}, { ...message, organisationId: nthId('organisation', 1) });
    expect(reads()).toBe(3);
    clock.ms = 10_000;
    await find({}, message);
    expect(reads()).toBe(4);
  });

  it('is the one of the installation, with a line in the log, if the rows of the others cannot be used', async () => {
    const lines: string[] = [];
    const find = createFindRetrySchedule({
      findOverrides: async () => {
        throw new UnusableData('schedule');
      },
      installation: [1],
      now: () => 0,
      log: { error: (event) => void lines.push(event) },
    });
    expect(await find({}, message)).toEqual([1]);
    expect(lines).toEqual(['retry_schedule.unusable']);
  });

  it('is not known while its rows cannot be read', async () => {
    const { installation, now, log } = { installation: [1], now: () => 0, log: { error: () => undefined } };
    const findOverrides = async () => {
      throw new PassingError('the store does not answer');
    };
    await expect(createFindRetrySchedule({ findOverrides, installation, now, log })({}, message)).rejects.toThrow(
      'the store does not answer',
    );
  });
});
