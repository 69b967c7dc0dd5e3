import { aMessage, anEndpoint, aRequest } from '../fixtures/events.ts';
import type { Event } from '../history/event.ts';
import { groupByDelivery } from './delivery.ts';
import { findOverLimit } from './find-over-limit.ts';

/** So many requests, one each so many milliseconds. */
const found = (count: number, everyMs: number, perSecond?: number, more: readonly Event[] = []) => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const endpoint = anEndpoint(perSecond === undefined ? {} : { perSecond });
  const history = numbers.flatMap((n) => [aMessage(n), aRequest(n, { at: n * everyMs })]);
  const events = [endpoint, ...history, ...more];
  return findOverLimit(groupByDelivery(events).all, events).map(({ promise, what }) => `${promise}: ${what}`);
};

it('finds an endpoint that gets more than its limit in any ten seconds', () => {
  expect(found(60, 500, 2)).toEqual([]);
  expect(found(60, 300, 2)).toEqual(['over-limit: /0/a/accept/always: 34 requests in ten seconds']);
  expect(found(31, 10, 2)).toHaveLength(1);
  expect(found(30, 10, 2)).toEqual([]);
});

it('does not count deliveries whose worker died, and counts those whose worker ended', () => {
  const began = (n: number): Event => ({
    kind: 'work-began',
    at: n,
    work: `1.${n}`,
    function: 'deliverStandard',
    jobs: [{ id: `${n}`, text: `${n}`, endpointId: 'ep_1', messageId: `msg_${n}` }],
  });
  const works = Array.from({ length: 31 }, (_, index) => began(index + 1));
  const ends = works.map((_, index): Event => ({ kind: 'work-ended', at: 100, work: `1.${index + 1}` }));
  expect(found(31, 10, 2, [...works, ...ends])).toHaveLength(1);
  expect(found(31, 10, 2, [...works, ...ends.slice(1)])).toEqual([]);
});

it('says nothing about endpoints without a limit', () => {
  expect(found(100, 1)).toEqual([]);
});
