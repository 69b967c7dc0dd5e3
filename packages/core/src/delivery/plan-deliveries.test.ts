import type { FanOutEndpoint } from '../endpoint/endpoint.ts';
import { createId, idEntropyBytes } from '../identifier/identifier.ts';
import type { FanOutMessage } from '../message/message.ts';
import { createFindOrderGroup } from '../message/ordering-key.ts';
import { type PlanInput, planDeliveries } from './plan-deliveries.ts';

const message: FanOutMessage = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  eventType: 'order.paid',
  channels: ['north'],
  acceptedAt: new Date('2026-01-01T00:00:00.000Z'),
};
const anEndpoint = (endpointId: string, overrides: Partial<FanOutEndpoint> = {}): FanOutEndpoint => ({
  endpointId,
  disabled: false,
  ...overrides,
});
const plan = (endpoints: PlanInput['endpoints'], overrides: Partial<PlanInput> = {}) =>
  planDeliveries({
    message,
    endpoints,
    source: 'sharded',
    findGroup: createFindOrderGroup('{"orderId":7}'),
    now: message.acceptedAt,
    ...overrides,
  });
const planned = (endpoints: PlanInput['endpoints'], source: PlanInput['source'] = 'sharded') =>
  plan(endpoints, { source }).planned.map(({ queue, delivery }) => `${delivery.endpointId} ${queue}`);

describe('planDeliveries', () => {
  it('reaches the endpoints with matching filters', () => {
    const endpoints = [
      anEndpoint('all'),
      anEndpoint('type', { eventTypes: ['order.paid', 'x'] }),
      anEndpoint('other-type', { eventTypes: ['x'] }),
      anEndpoint('channel', { channels: ['south', 'north'] }),
      anEndpoint('other-channel', { channels: ['south'] }),
      anEndpoint('disabled', { disabled: true }),
    ];
    expect(planned(endpoints)).toEqual(['all standard', 'type standard', 'channel standard']);
  });

  it('reaches the only endpoint that a message is for, whatever its filters, unless it is disabled', () => {
    const endpoints = [anEndpoint('all'), anEndpoint('one', { eventTypes: ['x'], channels: ['south'] })];
    const toOne = { ...message, onlyTo: 'one' };
    expect(plan(endpoints, { message: toOne }).planned.map(({ delivery }) => delivery.endpointId)).toEqual(['one']);
    const broken = { endpointId: 'broken', unreadable: 'row has an invalid attribute: disabled' };
    const nothing = { planned: [], refused: [] };
    expect(plan([anEndpoint('one', { disabled: true }), broken], { message: toOne })).toEqual(nothing);
  });

  it('sends to slow endpoints through their own queue, until they are no longer slow', () => {
    const slowFor = (ms: number) => ({
      health: { failures: 0, slowUntil: new Date(message.acceptedAt.getTime() + ms) },
    });
    const order = { onExhausted: 'block' } as const;
    const endpoints = [
      anEndpoint('slow', slowFor(1)),
      anEndpoint('quick', slowFor(0)),
      anEndpoint('ordered', { ...slowFor(1), order }),
    ];
    expect(planned(endpoints, 'ordered')).toEqual(['slow slow', 'quick standard', 'ordered fifo']);
  });

  it('plans a scheduled message for its time, and no attempt before it', () => {
    const later = new Date(message.acceptedAt.getTime() + 1);
    const [one] = plan([anEndpoint('a')], { message: { ...message, deliverAt: later } }).planned;
    expect(one?.delivery).toMatchObject({ attemptNumber: 1, scheduledAt: later, notBefore: later });
  });

  it.each([0, -1])('plans a message whose time has passed for the moment of acceptance: %d ms', (ms) => {
    const deliverAt = new Date(message.acceptedAt.getTime() + ms);
    const scheduled = plan([anEndpoint('a')], { message: { ...message, deliverAt } });
    expect(scheduled).toEqual(plan([anEndpoint('a')]));
    expect(scheduled.planned[0]?.delivery).not.toHaveProperty('notBefore');
  });

  it('sends no message without channels to an endpoint that filters by channel', () => {
    const without = { ...message, channels: [] };
    expect(plan([anEndpoint('a', { channels: ['north'] })], { message: without }).planned).toEqual([]);
  });

  it('reaches no endpoint that was created after the message was accepted, however late it is planned', () => {
    const createdAfter = (ms: number) =>
      createId('endpoint', new Date(message.acceptedAt.getTime() + ms), new Uint8Array(idEntropyBytes));
    const created = (ms: number) => planned([anEndpoint(createdAfter(ms))]).length;
    expect([-60_000, 0, 2_000, 2_004, 60_000].map(created)).toEqual([1, 1, 1, 0, 0]);
    const unreadable = { endpointId: createdAfter(60_000), unreadable: 'row has an invalid attribute: x' };
    expect(plan([unreadable])).toEqual({ planned: [], refused: [] });
  });

  it('plans endpoints in FIFO mode only from rows in order, and the others only from the message’s own row', () => {
    const endpoints = [anEndpoint('plain'), anEndpoint('ordered', { order: { onExhausted: 'block' } })];
    expect(planned(endpoints, 'sharded')).toEqual(['plain standard']);
    expect(planned(endpoints, 'ordered')).toEqual(['plain standard', 'ordered fifo']);
    expect(planned(endpoints, 'relay')).toEqual(['ordered fifo']);
  });

  it('plans the first attempt for the moment of acceptance, so that a replay plans the same', () => {
    const [first] = plan([anEndpoint('a')]).planned;
    expect(first?.delivery).toEqual({
      organisationId: 'org_1',
      applicationId: 'app_1',
      messageId: 'msg_1',
      endpointId: 'a',
      attemptNumber: 1,
      scheduledAt: message.acceptedAt,
      trigger: 'scheduled',
    });
  });

  it('finds the group of each endpoint in FIFO mode by the endpoint’s path', () => {
    const findGroup = ({ endpointId, by = 'whole' }: { endpointId: string; by?: string }) => `${endpointId} ${by}`;
    const endpoints = [
      anEndpoint('plain'),
      anEndpoint('keyed', { order: { by: '$.orderId', onExhausted: 'block' } }),
      anEndpoint('whole', { order: { onExhausted: 'skip' } }),
    ];
    const groups = plan(endpoints, { source: 'ordered', findGroup }).planned.map((one) =>
      one.queue === 'fifo' ? one.group : 'none',
    );
    expect(groups).toEqual(['none', 'keyed $.orderId', 'whole whole']);
  });

  it('refuses a delivery if its group cannot be found, and plans the others', () => {
    const error = new RangeError('too deep');
    const findGroup = ({ endpointId, by }: { endpointId: string; by?: string }) => {
      if (by === '$.deep') throw error;
      return `${endpointId} group`;
    };
    const endpoints = [
      anEndpoint('plain'),
      anEndpoint('deep', { order: { by: '$.deep', onExhausted: 'block' } }),
      anEndpoint('shallow', { order: { by: '$.id', onExhausted: 'block' } }),
    ];
    const { planned: done, refused } = plan(endpoints, { source: 'ordered', findGroup });
    expect(done.map(({ delivery }) => delivery.endpointId)).toEqual(['plain', 'shallow']);
    expect(refused).toEqual([{ queue: 'fifo', delivery: { ...done[0]?.delivery, endpointId: 'deep' }, error }]);
  });

  it('looks for no group if none is needed', () => {
    const findGroup = () => {
      throw new Error('asked');
    };
    const ordered = anEndpoint('ordered', { order: { onExhausted: 'block' } });
    const others = [anEndpoint('plain'), { ...ordered, disabled: true }, { ...ordered, eventTypes: ['x'] }];
    expect(plan(others, { source: 'ordered', findGroup }).refused).toEqual([]);
    expect(plan([ordered], { source: 'sharded', findGroup }).refused).toEqual([]);
  });

  it('refuses the delivery to an endpoint that cannot be read, once', () => {
    const endpoints = [{ endpointId: 'broken', unreadable: 'row has an invalid attribute: x' }, anEndpoint('a')];
    for (const source of ['sharded', 'ordered'] as const) {
      const { planned: done, refused } = plan(endpoints, { source });
      expect(done.map(({ delivery }) => delivery.endpointId)).toEqual(['a']);
      expect(refused).toEqual([
        {
          queue: 'fifo',
          delivery: { ...done[0]?.delivery, endpointId: 'broken' },
          error: expect.objectContaining({ name: 'UnusableData', message: 'row has an invalid attribute: x' }),
        },
      ]);
    }
    expect(plan(endpoints, { source: 'relay' })).toEqual({ planned: [], refused: [] });
  });
});
