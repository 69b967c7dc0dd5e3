import { aGoodHistory, aRequest } from '../fixtures/events.ts';
import type { Event } from '../history/event.ts';
import { checkHistory } from './check-history.ts';

/** One delivery that was accepted at 1.25 s, and its second request. */
const repeated = (...more: readonly Event[]) => {
  const { violations, duplicates } = checkHistory([...aGoodHistory(1), ...more]);
  return { violations: violations.map(({ promise }) => promise), duplicates };
};
const second = aRequest(1, { order: 2, at: 3_000, endedAt: 3_050, timestamp: 3, connection: 2 });
const none = { killed: 0, 'two-workers': 0, 'answer-lost': 0 };
const killedAt = (at: number): Event => ({ kind: 'killed', at, step: 'deliver: after 2xx' });
const pairAt = (at: number, messageId = 'msg_1'): Event => ({ kind: 'two-workers', at, endpointId: 'ep_1', messageId });

it('does not accept a duplicate without a cause', () => {
  expect(repeated(second)).toEqual({ violations: ['unexplained'], duplicates: none });
});

it.each([
  ['long before the request', 2_749],
  ['long after it', 6_051],
])('does not accept a kill %s as its cause', (_, at) => {
  expect(repeated(second, killedAt(at)).violations).toEqual(['unexplained']);
});

it.each([2_750, 3_000, 6_050])('accepts a kill while the attempt was in flight, at %i', (at) => {
  expect(repeated(second, killedAt(at))).toEqual({ violations: [], duplicates: { ...none, killed: 1 } });
});

it('accepts one duplicate for each kill', () => {
  const third = { ...second, order: 3 };
  expect(repeated(second, third, killedAt(3_010)).violations).toEqual(['unexplained']);
  expect(repeated(second, third, killedAt(3_010), killedAt(3_020))).toMatchObject({
    violations: [],
    duplicates: { killed: 2 },
  });
});

it('accepts two workers with its job at the same time, and with no other job', () => {
  expect(repeated(second, pairAt(3_010))).toEqual({ violations: [], duplicates: { ...none, 'two-workers': 1 } });
  expect(repeated(second, pairAt(3_010, 'msg_2')).violations).toEqual(['unexplained']);
  expect(repeated(second, pairAt(6_051)).violations).toEqual(['unexplained']);
  expect(repeated(second, pairAt(-1)).violations).toEqual(['unexplained']);
});

it('accepts one duplicate for each time that a second worker came', () => {
  const third = { ...second, order: 3 };
  expect(repeated(second, third, pairAt(3_010)).violations).toEqual(['unexplained']);
});

describe('a request that is sent again in its attempt', () => {
  const lost = aRequest(1, { order: 0, at: 1_100, endedAt: 1_110, connection: 7, answer: 'lost' });

  it('is accepted if its connection broke without an answer', () => {
    expect(repeated(lost)).toEqual({ violations: [], duplicates: { ...none, 'answer-lost': 1 } });
  });

  it.each([
    ['it was answered', { answer: 'refused' }],
    ['it came on the same connection', { connection: 1 }],
    ['it was of another attempt', { timestamp: 5 }],
    ['it broke after the other one', { endedAt: 1_201 }],
    ['it broke long before the other one', { at: -1_400, endedAt: -1_301 }],
  ] as const)('is not accepted if %s', (_, given) => {
    expect(repeated({ ...lost, ...given }).violations).toEqual(['unexplained']);
  });
});
