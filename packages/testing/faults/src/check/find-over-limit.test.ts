import { aMessage, anEndpoint, aRequest } from '../fixtures/events.ts';
import { groupByDelivery } from './delivery.ts';
import { findOverLimit } from './find-over-limit.ts';

/** So many requests, one each so many milliseconds. */
const found = (count: number, everyMs: number, perSecond?: number) => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const endpoint = anEndpoint(perSecond === undefined ? {} : { perSecond });
  const history = numbers.flatMap((n) => [aMessage(n), aRequest(n, { at: n * everyMs })]);
  return findOverLimit(groupByDelivery([endpoint, ...history]).all).map(({ promise, what }) => `${promise}: ${what}`);
};

it('finds an endpoint that gets more than its limit in any ten seconds', () => {
  expect(found(60, 500, 2)).toEqual([]);
  expect(found(60, 400, 2)).toEqual(['over-limit: /0/a/accept/always: 25 requests in ten seconds']);
  expect(found(25, 10, 2)).toHaveLength(1);
  expect(found(24, 10, 2)).toEqual([]);
});

it('says nothing about endpoints without a limit', () => {
  expect(found(100, 1)).toEqual([]);
});
