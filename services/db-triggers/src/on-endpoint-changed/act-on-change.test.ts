import {
  type Endpoint,
  type EndpointHealth,
  type GroupsSweep,
  type OperationalEvent,
  operationalApplicationIdOf,
  PassingError,
  type Wake,
} from '@posthorn/core';
import { decodeEndpointRecords } from '@posthorn/models/endpoint-changes';
import { toEndpointRow } from '@posthorn/models/endpoints/endpoint-row';
import { toPollMark } from '@posthorn/models/endpoints/poll-mark';
import { anEndpoint, ids, secondsLater } from '@posthorn/testing';
import { aChange } from '../fixtures/a-change.ts';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { type ActOnChangeDeps, createActOnChange } from './act-on-change.ts';

const changeOf = (sequenceNumber: number, { old, next }: { old?: Endpoint; next?: Endpoint }) =>
  aChange({
    table: 'endpoints',
    sequenceNumber,
    keys: ['applicationId', 'endpointId'],
    ...(old && { old: toEndpointRow(old) }),
    ...(next && { next: toEndpointRow(next) }),
  });

function aTrigger(overrides: Partial<ActOnChangeDeps> = {}) {
  const world = aSetAsideWorld();
  const wakes: Wake[] = [];
  const sweeps: GroupsSweep[] = [];
  const told: OperationalEvent[] = [];
  const unpolled: string[] = [];
  const deps: ActOnChangeDeps = {
    ...world,
    planWake: async (wake) => void wakes.push(wake),
    sendSweep: async (sweep) => void sweeps.push(sweep),
    beginTelling: () => async (event) => {
      told.push(event);
      return 'told';
    },
    stopUnusedOrdering: async ({ applicationId }) => void unpolled.push(applicationId),
    ...overrides,
  };
  const handle = createStreamHandler(decodeEndpointRecords, createActOnChange(deps));
  return { ...world, wakes, sweeps, told, unpolled, handle };
}

describe('on-endpoint-changed', () => {
  const endpoint = anEndpoint();
  const disabled = { ...endpoint, disabled: true, revision: 2 };

  it('tells what happened to endpoints, without values', async () => {
    const { handle, lines, fieldsOf, counts } = aTrigger();
    const moved = { ...disabled, url: 'https://user:secret@example.com/', revision: 3 };
    const event = anEvent(
      changeOf(1, { next: endpoint }),
      changeOf(2, { old: endpoint, next: disabled }),
      changeOf(3, { old: disabled, next: moved }),
      changeOf(4, { old: moved, next: { ...moved, revision: 4 } }),
    );
    expect(await handle(event)).toEqual(done);
    expect(lines).toEqual(['info endpoint.created', 'info endpoint.disabled', 'info endpoint.updated']);
    const { organisationId, applicationId, endpointId } = endpoint;
    expect(fieldsOf('endpoint.updated')).toEqual({ organisationId, applicationId, endpointId, fields: ['url'] });
    expect(counts).toEqual(new Map([['EndpointsDisabled', 1]]));
  });

  it('counts no change of an operational endpoint', async () => {
    const { handle, counts } = aTrigger();
    const applicationId = operationalApplicationIdOf(ids.organisation);
    const change = { old: { ...endpoint, applicationId }, next: { ...disabled, applicationId } };
    expect(await handle(anEvent(changeOf(1, change)))).toEqual(done);
    expect(counts).toEqual(new Map());
  });

  it('tells each event with its application and endpoint, and the same event when its record comes again', async () => {
    const { handle, told } = aTrigger();
    const automatic = {
      ...disabled,
      autoDisabled: true as const,
      health: { failures: 9, failingSince: secondsLater(5) },
    };
    const event = anEvent(
      changeOf(1, { next: endpoint }),
      changeOf(2, { old: endpoint, next: automatic }),
      changeOf(3, { old: automatic, next: { ...endpoint, uid: 'mine', revision: 3 } }),
      changeOf(4, { old: endpoint, next: disabled }),
      changeOf(5, { old: endpoint, next: { ...endpoint, health: { failures: 1 } } }),
      changeOf(6, { old: endpoint }),
    );
    expect(await handle(event)).toEqual(done);
    expect(told.map(({ eventType, data }) => [eventType, data])).toEqual([
      ['endpoint.created', { endpointId: ids.endpoint, endpointUid: null }],
      [
        'endpoint.disabled',
        {
          endpointId: ids.endpoint,
          endpointUid: null,
          failSince: secondsLater(5).toISOString(),
          trigger: 'automatic',
        },
      ],
      ['endpoint.updated', { endpointId: ids.endpoint, endpointUid: 'mine' }],
      ['endpoint.enabled', { endpointId: ids.endpoint, endpointUid: 'mine' }],
      ['endpoint.disabled', { endpointId: ids.endpoint, endpointUid: null, failSince: null, trigger: 'manual' }],
      ['endpoint.deleted', { endpointId: ids.endpoint, endpointUid: null }],
    ]);
    expect(told.every(({ applicationId }) => applicationId === ids.application)).toBe(true);
    const before = [...told];
    expect(await handle(event)).toEqual(done);
    expect(told.slice(before.length)).toEqual(before);
  });

  it('lets the order of an application end when nobody polls it any more', async () => {
    const { handle, unpolled, told, records } = aTrigger();
    const { organisationId, applicationId } = endpoint;
    const mark = toPollMark({ organisationId, applicationId, until: secondsLater(1), isComplete: true });
    const renewed = toPollMark({ organisationId, applicationId, until: secondsLater(2), isComplete: true });
    const change = { table: 'endpoints', keys: ['applicationId', 'endpointId'] } as const;
    const event = anEvent(
      aChange({ ...change, sequenceNumber: 1, next: mark }),
      aChange({ ...change, sequenceNumber: 2, old: mark, next: renewed }),
      aChange({ ...change, sequenceNumber: 3, old: renewed }),
    );
    expect(await handle(event)).toEqual(done);
    expect([unpolled, told, records]).toEqual([[applicationId], [], []]);
  });

  it('runs again from the change that could not be told', async () => {
    const { handle } = aTrigger({ beginTelling: () => () => Promise.reject(new PassingError('away')) });
    const event = anEvent(
      changeOf(1, { old: endpoint, next: { ...endpoint, revision: 2 } }),
      changeOf(2, { next: endpoint }),
    );
    expect(await handle(event)).toEqual(againFrom(2));
  });

  it('wakes what waits for a deleted endpoint, so that it ends, each time it comes', async () => {
    const { handle, wakes, lines } = aTrigger();
    const event = anEvent(changeOf(1, { old: endpoint }));
    expect([await handle(event), await handle(event)]).toEqual([done, done]);
    const wake = { endpointId: ids.endpoint, epoch: 0, slice: 0 };
    expect(wakes).toMatchObject([wake, wake]);
    expect(lines.slice(0, 1)).toEqual(['info endpoint.deleted']);
  });

  it('sweeps the groups of an endpoint that was enabled or deleted, also if it has left FIFO mode before', async () => {
    const { handle, sweeps } = aTrigger();
    const destination = anEndpoint({ order: { onExhausted: 'block' } });
    const stopped = { ...destination, disabled: true };
    const event = anEvent(
      changeOf(1, { next: destination }),
      changeOf(2, { old: destination, next: stopped }),
      changeOf(3, { old: stopped, next: { ...stopped, url: 'https://example.com/other' } }),
      changeOf(4, { old: stopped, next: { ...stopped, health: { failures: 1, failingSince: secondsLater(0) } } }),
    );
    expect(await handle(event)).toEqual(done);
    expect(sweeps).toEqual([]);
    expect(await handle(anEvent(changeOf(5, { old: stopped, next: destination })))).toEqual(done);
    expect(await handle(anEvent(changeOf(6, { old: destination })))).toEqual(done);
    const { organisationId, applicationId, endpointId } = destination;
    const sweep = { organisationId, applicationId, endpointId, requestedAt: expect.any(Date) };
    expect(sweeps).toEqual([sweep, { ...sweep, looksAgain: true }]);
    expect(await handle(anEvent(changeOf(7, { old: disabled, next: endpoint })))).toEqual(done);
    expect(await handle(anEvent(changeOf(8, { old: endpoint })))).toEqual(done);
    expect(sweeps.slice(2)).toEqual([sweep, sweep]);
  });

  it('sweeps the groups of a destination whose exhausted messages no longer block', async () => {
    const { handle, sweeps } = aTrigger();
    const blocks = anEndpoint({ order: { onExhausted: 'block' } });
    const skips = { ...blocks, order: { onExhausted: 'skip' as const } };
    const { order: _, ...unordered } = blocks;
    expect(await handle(anEvent(changeOf(1, { old: skips, next: blocks })))).toEqual(done);
    expect(await handle(anEvent(changeOf(2, { old: skips, next: unordered })))).toEqual(done);
    expect(sweeps).toEqual([]);
    expect(await handle(anEvent(changeOf(3, { old: blocks, next: skips })))).toEqual(done);
    expect(await handle(anEvent(changeOf(4, { old: blocks, next: unordered })))).toEqual(done);
    const decides = { endpointId: ids.endpoint, endsBlocks: true, looksAgain: true };
    expect(sweeps).toMatchObject([decides, decides]);
  });

  it('wakes the held deliveries of an endpoint that is disabled or enabled, and says since when it failed', async () => {
    const { handle, wakes, lines, fieldsOf } = aTrigger();
    const health: EndpointHealth = {
      failures: 10,
      failingSince: secondsLater(0),
      breaker: { epoch: 7, openUntil: secondsLater(60), step: 1 },
    };
    const event = anEvent(
      changeOf(1, { old: endpoint, next: { ...endpoint, health } }),
      changeOf(2, { old: { ...endpoint, health }, next: { ...disabled, health } }),
      changeOf(3, { old: { ...disabled, health }, next: endpoint }),
    );
    expect(await handle(event)).toEqual(done);
    expect(wakes).toMatchObject([
      { endpointId: ids.endpoint, epoch: 7, slice: 0 },
      { endpointId: ids.endpoint, epoch: 7 },
    ]);
    expect(lines).toEqual(['info endpoint.disabled', 'info endpoint.enabled']);
    expect(fieldsOf('endpoint.disabled')).toMatchObject({
      failSince: secondsLater(0).toISOString(),
      trigger: 'manual',
    });
  });

  it('sets aside a row that it cannot read, and goes on', async () => {
    const { handle, records, lines } = aTrigger();
    const broken = aChange({
      table: 'endpoints',
      sequenceNumber: 1,
      keys: ['applicationId', 'endpointId'],
      next: { ...toEndpointRow(endpoint), disabled: 'perhaps' },
    });
    expect(await handle(anEvent(broken, changeOf(2, { next: endpoint })))).toEqual(done);
    expect(records.map(({ reason }) => reason)).toEqual(['row has an invalid attribute: disabled']);
    expect(lines).toContain('info endpoint.created');
  });

  it('runs again from the deletion whose deliveries could not be woken', async () => {
    const { handle, lines } = aTrigger({ planWake: () => Promise.reject(new PassingError('away')) });
    const event = anEvent(
      changeOf(1, { next: endpoint }),
      changeOf(2, { old: endpoint }),
      changeOf(3, { next: endpoint }),
    );
    expect(await handle(event)).toEqual(againFrom(2));
    expect(lines).toEqual(['info endpoint.created', 'error stream.record_failed']);
  });
});
