import * as z from 'zod/mini';
import { messageIn } from './message.ts';

const accepts = (value: object) => z.safeParse(messageIn, { eventType: 'invoice.paid', payload: {}, ...value }).success;

describe('a message', () => {
  it.each([
    [
      'nulls where something is optional',
      { eventId: null, channels: null, tags: null, deliverAt: null, application: null },
    ],
    ['a payload beside a raw one that is null', { transformationsParams: { rawPayload: null } }],
    ['unknown fields', { colour: 'red' }],
    ['a raw payload', { transformationsParams: { rawPayload: '<a/>', headers: { 'content-type': 'text/xml' } } }],
    ['its payload under the name data', { payload: undefined, data: { a: 1 } }],
    ['a time to deliver it at', { deliverAt: '2026-01-01T00:00:00+02:00' }],
    ['retention in days', { payloadRetentionPeriod: 1 }],
    ['no tag in its list', { tags: [] }],
  ])('may have %s', (_, value) => expect(accepts(value)).toBe(true));

  it.each([
    ['no payload', { payload: undefined }],
    ['a list as payload', { payload: [] }],
    ['a null payload', { payload: null }],
    ['an eventId that looks like an id', { eventId: 'msg_1' }],
    ['no channel in its list', { channels: [] }],
    ['eleven channels', { channels: Array.from({ length: 11 }, (_, index) => `c${index}`) }],
    ['a time to deliver it at that is no time', { deliverAt: 'soon' }],
    ['a retention of no day', { payloadRetentionPeriod: 0 }],
    ['a retention of no hour', { payloadRetentionHours: 0 }],
    ['a raw payload with half of a surrogate pair', { transformationsParams: { rawPayload: 'a\ud800' } }],
    ['an event type with a space', { eventType: 'invoice paid' }],
  ])('is refused with %s', (_, value) => expect(accepts(value)).toBe(false));
});
