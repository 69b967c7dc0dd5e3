import { formatPollIterator, parsePollIterator } from './poll-iterator.ts';

const poller = { applicationId: 'app_1', sink: 'orders', consumer: 'one' };
const place = { position: '9'.repeat(40), generation: 3 };

describe('an iterator of a poller', () => {
  it('leads back to its place', () => {
    expect(parsePollIterator(poller, formatPollIterator(poller, place))).toEqual(place);
    const start = { position: '0', generation: 0 };
    expect(parsePollIterator(poller, formatPollIterator(poller, start))).toEqual(start);
  });

  it.each([
    ['another application', { ...poller, applicationId: 'app_2' }],
    ['another sink', { ...poller, sink: 'order' }],
    ['another consumer', { ...poller, consumer: 'two' }],
    ['the sink itself', { applicationId: 'app_1', sink: 'orders' }],
    ['names that look the same together', { applicationId: 'app_1', sink: 'orders","one' }],
  ])('is not valid for %s', (_, other) => {
    expect(parsePollIterator(other, formatPollIterator(poller, place))).toBeUndefined();
  });

  const valid = formatPollIterator(poller, place);
  it.each(['', 'x', '-', 'msg_0', '0', `${valid}=`, ` ${valid}`, `${valid}A`])('is not %j', (text) => {
    expect(parsePollIterator(poller, text)).toBeUndefined();
  });
});
