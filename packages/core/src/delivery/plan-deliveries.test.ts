import type { FanOutEndpoint } from '../endpoint/endpoint.ts';
import type { FanOutMessage } from '../message/message.ts';
import { planDeliveries } from './plan-deliveries.ts';

const message: FanOutMessage = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  eventType: 'order.paid',
  channels: ['north'],
  acceptedAt: new Date('2026-01-01T00:00:00.000Z'),
  body: '{"orderId":7}',
};
const anEndpoint = (endpointId: string, overrides: Partial<FanOutEndpoint> = {}): FanOutEndpoint => ({
  endpointId,
  disabled: false,
  ...overrides,
});
const planned = (endpoints: FanOutEndpoint[], source: Parameters<typeof planDeliveries>[2] = 'sharded') =>
  planDeliveries(message, endpoints, source).map(({ queue, delivery }) => `${delivery.endpointId} ${queue}`);

describe('planDeliveries', () => {
  it('reaches the endpoints whose filters match', () => {
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

  it('lets no message without channels reach an endpoint that names some', () => {
    const plan = planDeliveries({ ...message, channels: [] }, [anEndpoint('a', { channels: ['north'] })], 'sharded');
    expect(plan).toEqual([]);
  });

  it('serves endpoints in FIFO mode only from rows in order, and the others only from the message itself', () => {
    const endpoints = [anEndpoint('plain'), anEndpoint('ordered', { order: { onExhausted: 'block' } })];
    expect(planned(endpoints, 'sharded')).toEqual(['plain standard']);
    expect(planned(endpoints, 'ordered')).toEqual(['plain standard', 'ordered fifo']);
    expect(planned(endpoints, 'relay')).toEqual(['ordered fifo']);
  });

  it('plans the first attempt for the moment of acceptance, so that a replay plans the same', () => {
    const [plan] = planDeliveries(message, [anEndpoint('a')], 'sharded');
    expect(plan?.delivery).toEqual({
      organisationId: 'org_1',
      applicationId: 'app_1',
      messageId: 'msg_1',
      endpointId: 'a',
      attemptNumber: 1,
      scheduledAt: message.acceptedAt,
      trigger: 'scheduled',
    });
  });
});
