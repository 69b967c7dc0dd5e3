import type { FanOutEndpoint } from '../endpoint/endpoint.ts';
import { reachesAnyEndpoint } from './reaches-any-endpoint.ts';

const message = { eventType: 'order.paid', channels: ['north'] };
const anEndpoint = (overrides: Partial<FanOutEndpoint> = {}): FanOutEndpoint => ({
  endpointId: 'ep_1',
  disabled: false,
  ...overrides,
});

const cases: readonly (readonly [string, Parameters<typeof reachesAnyEndpoint>[1], boolean])[] = [
  ['one without filters', [anEndpoint()], true],
  ['one of several', [anEndpoint({ disabled: true }), anEndpoint({ eventTypes: ['order.paid'] })], true],
  ['a destination', [anEndpoint({ order: { onExhausted: 'block' } })], true],
  ['one that keeps failing: it gets the message later', [anEndpoint({ health: { failures: 40 } })], true],
  ['one whose row cannot be read', [{ endpointId: 'ep_2', unreadable: 'row has an invalid attribute: url' }], true],
  ['none: there is none', [], false],
  ['none: it is disabled', [anEndpoint({ disabled: true })], false],
  ['none: it wants another event type', [anEndpoint({ eventTypes: ['order.sent'] })], false],
  ['none: it wants another channel', [anEndpoint({ channels: ['south'] })], false],
];

describe('whether a message reaches any endpoint', () => {
  it.each(cases)('%s', (_, endpoints, expected) => {
    expect(reachesAnyEndpoint(message, endpoints)).toBe(expected);
  });

  it('needs a channel if the endpoint has channels', () => {
    expect(reachesAnyEndpoint({ ...message, channels: [] }, [anEndpoint({ channels: ['north'] })])).toBe(false);
  });
});
