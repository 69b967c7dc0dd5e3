import {
  type Attempt,
  type CountedAttempt,
  type OperationalEvent,
  operationalApplicationIdOf,
  PassingError,
  type StatisticsRepository,
  sumCounts,
} from '@posthorn/core';
import { toAttemptRow } from '@posthorn/models/attempts/attempt-row';
import { decodeAttemptRecords } from '@posthorn/models/stream-records';
import { anAttempt, ids, inMemoryStatistics, nthId, secondsLater } from '@posthorn/testing';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, anInsert, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { type ActOnAttemptsDeps, createActOnAttempts } from './act-on-attempts.ts';
import type { EndpointAttempts } from './watch-health.ts';

const retention = { successDays: 30, failureDays: 90 };
const retry = { kind: 'retry', at: secondsLater(60) } as const;
const rowOf = (n: number, status: 'succeeded' | 'failed', overrides: Partial<Attempt> = {}) =>
  toAttemptRow(
    anAttempt({ attemptId: nthId('attempt', n), status, ...(status === 'failed' && { next: retry }), ...overrides }),
    retention,
  );
const recordOf = (n: number, status: 'succeeded' | 'failed' = 'succeeded') => anInsert('attempts', rowOf(n, status), n);
const { attemptedAt } = anAttempt();

function aTrigger(overrides: Partial<ActOnAttemptsDeps> = {}) {
  const statistics = inMemoryStatistics();
  const world = aSetAsideWorld();
  const watched: EndpointAttempts[] = [];
  const told: OperationalEvent[] = [];
  const deps: ActOnAttemptsDeps = {
    ...world,
    count: statistics.count,
    watchHealth: async (batch) => void watched.push(batch),
    beginTelling: () => async (event) => {
      told.push(event);
      return 'told';
    },
    ...overrides,
  };
  const handle = createStreamHandler(decodeAttemptRecords, createActOnAttempts(deps));
  return { ...world, watched, told, handle, sum: () => sumOf(statistics), statistics };
}
const sumOf = async ({ listHours }: Pick<StatisticsRepository, 'listHours'>) =>
  sumCounts(await listHours(anAttempt(), { since: attemptedAt, until: attemptedAt }));

const isNth = (n: number) => (attempt: CountedAttempt) => attempt.sequenceNumber === String(n);

describe('on-attempt-inserted', () => {
  it('counts each attempt once, however often its record comes', async () => {
    const { handle, sum, lines } = aTrigger();
    const records = [recordOf(1), recordOf(2, 'failed'), recordOf(3)];
    expect(await handle(anEvent(...records.slice(0, 2)))).toEqual(done);
    expect(await handle(anEvent(...records))).toEqual(done);
    expect(await sum()).toEqual({ success: 2, fail: 1 });
    expect(lines).toEqual([]);
  });

  it('counts inserts only', async () => {
    const { handle, sum } = aTrigger();
    const { dynamodb } = recordOf(1);
    const removed = {
      ...recordOf(1),
      eventName: 'REMOVE' as const,
      dynamodb: { ...dynamodb, OldImage: dynamodb?.NewImage },
    };
    expect(await handle(anEvent(removed))).toEqual(done);
    expect(await sum()).toEqual({ success: 0, fail: 0 });
  });

  it('sets aside the record that cannot be decoded, and counts all others', async () => {
    const { handle, sum, records, lines, counts } = aTrigger();
    const broken = anInsert('attempts', { ...rowOf(2, 'failed'), status: 'perhaps' }, 2);
    expect(await handle(anEvent(recordOf(1), broken, recordOf(3)))).toEqual(done);
    expect(await sum()).toEqual({ success: 2, fail: 0 });
    expect(records).toEqual([
      {
        place: {
          table: 'posthorn-dev-attempts',
          key: { partition: expect.stringContaining(ids.endpoint), attemptId: nthId('attempt', 2) },
          sequenceNumber: '2',
        },
        reason: 'row has an invalid attribute: status',
      },
    ]);
    expect(lines).toEqual(['warn stream.record_set_aside']);
    expect(counts).toEqual(new Map([['RecordsSetAside', 1]]));
  });

  it('is not delayed by a record that always throws: all others are counted, and the batch is done', async () => {
    const { statistics } = aTrigger();
    const count: ActOnAttemptsDeps['count'] = async (attempts) => {
      if (attempts.some(isNth(3))) throw new TypeError('always');
      return statistics.count(attempts);
    };
    const { handle, records } = aTrigger({ count });
    expect(await handle(anEvent(...[1, 2, 3, 4, 5, 6].map((n) => recordOf(n))))).toEqual(done);
    expect(await sumOf(statistics)).toEqual({ success: 5, fail: 0 });
    expect(records).toEqual([
      { place: expect.objectContaining({ sequenceNumber: '3' }), reason: 'fault in Posthorn: TypeError' },
    ]);
  });

  it('sets aside what the store refuses for good', async () => {
    const invalid = Object.assign(new Error('invalid'), {
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
    const count: ActOnAttemptsDeps['count'] = async (attempts) =>
      attempts.filter(isNth(2)).map((entry) => ({ entry, error: invalid }));
    const { handle, records } = aTrigger({ count });
    expect(await handle(anEvent(recordOf(1), recordOf(2), recordOf(3)))).toEqual(done);
    expect(records.map(({ place }) => place.sequenceNumber)).toEqual(['2']);
  });

  it('runs again from the first record that was not counted, during an outage of the store', async () => {
    const outage = new PassingError('away');
    const count: ActOnAttemptsDeps['count'] = async (attempts) =>
      attempts.filter((attempt) => !isNth(1)(attempt)).map((entry) => ({ entry, error: outage }));
    const { handle, records, lines, fieldsOf } = aTrigger({ count });
    expect(await handle(anEvent(recordOf(1), recordOf(2), recordOf(3)))).toEqual(againFrom(2));
    expect(records).toEqual([]);
    expect(lines).toEqual(['error stream.record_failed']);
    expect(fieldsOf('stream.record_failed')).toMatchObject({ sequenceNumber: '2', error: outage });
  });

  it('runs the whole batch again if the store throws a passing error', async () => {
    const count: ActOnAttemptsDeps['count'] = async () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    };
    const { handle } = aTrigger({ count });
    expect(await handle(anEvent(recordOf(7), recordOf(8)))).toEqual(againFrom(7));
  });

  it('looks at the health of each endpoint once, with all of its attempts', async () => {
    const { handle, watched } = aTrigger();
    const other = anInsert('attempts', rowOf(2, 'succeeded', { endpointId: nthId('endpoint', 1) }), 2);
    expect(await handle(anEvent(recordOf(1), other, recordOf(3, 'failed')))).toEqual(done);
    expect(watched).toMatchObject([
      {
        applicationId: ids.application,
        endpointId: ids.endpoint,
        attempts: [{ succeeded: true, attemptedAt: secondsLater(1), responseDurationMs: 40 }, { succeeded: false }],
      },
      { endpointId: nthId('endpoint', 1), attempts: [{ succeeded: true }] },
    ]);
  });

  it('counts an attempt that code canceled, and takes nothing from it about the endpoint', async () => {
    const { handle, sum, watched } = aTrigger();
    const canceled = anInsert('attempts', rowOf(1, 'succeeded', { responseStatusCode: 0 }), 1);
    expect(await handle(anEvent(canceled))).toEqual(done);
    expect(await sum()).toEqual({ success: 1, fail: 0 });
    expect(watched).toEqual([]);
  });

  it('counts every attempt, and runs again from the first one of an endpoint whose health could not be stored', async () => {
    const other = nthId('endpoint', 1);
    const { handle, sum, lines } = aTrigger({
      watchHealth: async ({ endpointId }) => {
        if (endpointId === other) throw new PassingError('changed meanwhile');
      },
    });
    const ofOther = anInsert('attempts', rowOf(2, 'succeeded', { endpointId: other }), 2);
    expect(await handle(anEvent(recordOf(1), ofOther, recordOf(3)))).toEqual(againFrom(2));
    expect(await sum()).toEqual({ success: 2, fail: 0 });
    expect(lines).toEqual(['error stream.record_failed']);
  });

  it('sets aside the record of an endpoint whose health fails for good', async () => {
    const { handle, records, sum } = aTrigger({ watchHealth: () => Promise.reject(new TypeError('always')) });
    expect(await handle(anEvent(recordOf(1), recordOf(2)))).toEqual(done);
    expect(records.map(({ place }) => place.sequenceNumber)).toEqual(['1']);
    expect(await sum()).toEqual({ success: 2, fail: 0 });
  });

  it('tells a failing delivery, its end, and a recovery', async () => {
    const { handle, lines, fieldsOf, counts, told } = aTrigger();
    const event = anEvent(
      anInsert('attempts', rowOf(1, 'failed', { attemptNumber: 4, eventId: 'order-1', responseStatusCode: 503 }), 1),
      anInsert('attempts', rowOf(2, 'failed', { attemptNumber: 8, next: { kind: 'exhausted' } }), 2),
      anInsert('attempts', rowOf(3, 'succeeded', { attemptNumber: 5 }), 3),
      recordOf(4, 'failed'),
      recordOf(5),
    );
    expect(await handle(event)).toEqual(done);
    expect(lines).toEqual(['info delivery.failing', 'info delivery.exhausted', 'info delivery.recovered']);
    expect(fieldsOf('delivery.failing')).toEqual({
      organisationId: ids.organisation,
      applicationId: ids.application,
      messageId: ids.message,
      endpointId: ids.endpoint,
      eventId: 'order-1',
      attemptId: nthId('attempt', 1),
      attemptNumber: 4,
      status: 503,
    });
    expect(counts).toEqual(
      new Map([
        ['DeliveriesFailing', 1],
        ['DeliveriesExhausted', 1],
        ['DeliveriesRecovered', 1],
      ]),
    );
    expect(told.map(({ eventType }) => eventType)).toEqual([
      'message.attempt.failing',
      'message.attempt.exhausted',
      'message.attempt.recovered',
    ]);
    expect(told[0]).toMatchObject({
      organisationId: ids.organisation,
      applicationId: ids.application,
      at: secondsLater(1),
      data: {
        msgId: ids.message,
        msgEventId: 'order-1',
        endpointId: ids.endpoint,
        lastAttempt: {
          id: nthId('attempt', 1),
          responseStatusCode: 503,
          timestamp: secondsLater(1).toISOString(),
        },
      },
    });
    expect(told[1]?.data.msgEventId).toBeNull();
  });

  it('counts and tells nothing of operational endpoints, but watches their health', async () => {
    const { handle, sum, told, lines, watched } = aTrigger();
    const applicationId = operationalApplicationIdOf(ids.organisation);
    const failing = anInsert('attempts', rowOf(1, 'failed', { attemptNumber: 4, applicationId }), 1);
    expect(await handle(anEvent(failing))).toEqual(done);
    expect(await sum()).toEqual({ success: 0, fail: 0 });
    expect(told).toEqual([]);
    expect(lines).toEqual([]);
    expect(watched).toMatchObject([{ applicationId, attempts: [{ succeeded: false }] }]);
  });

  it('counts every attempt, and runs again from the first one whose fact could not be told', async () => {
    const { handle, sum, lines } = aTrigger({ beginTelling: () => () => Promise.reject(new PassingError('away')) });
    const failing = anInsert('attempts', rowOf(2, 'failed', { attemptNumber: 4 }), 2);
    expect(await handle(anEvent(recordOf(1), failing, recordOf(3)))).toEqual(againFrom(2));
    expect(await sum()).toEqual({ success: 2, fail: 1 });
    expect(lines).toEqual(['error stream.record_failed']);
  });

  it('tells the facts of a record that is run again when it is done', async () => {
    const failing = anInsert('attempts', rowOf(2, 'failed', { attemptNumber: 4 }), 2);
    const away: ActOnAttemptsDeps['count'] = async (attempts) =>
      attempts.filter(isNth(2)).map((entry) => ({ entry, error: new PassingError('away') }));
    const { handle, lines } = aTrigger({ count: away });
    expect(await handle(anEvent(recordOf(1), failing))).toEqual(againFrom(2));
    expect(lines).not.toContain('info delivery.failing');
  });
});
