import { aGoodHistory, aMessage, anEndpoint, aRecord, aRequest } from '../fixtures/events.ts';
import type { Event, Received } from '../history/event.ts';
import { groupByDelivery } from './delivery.ts';
import { findDisorder } from './find-disorder.ts';

const disorderOf = (history: readonly Event[]) =>
  findDisorder(groupByDelivery(history).all, history).map(({ what }) => what.replace('/0/a/accept/always ', ''));

/** Three messages of one key, with these requests. */
const withRequests = (requests: readonly Received[], order: 'none' | 'key' | 'all' = 'key'): readonly Event[] => [
  ...aGoodHistory(3, { order }).filter(({ kind }) => kind !== 'received'),
  ...requests,
];
const at = (order: number, n: number, answer: Received['answer'] = 'accepted') => aRequest(n, { order, answer });

it('finds a message that was sent before an earlier one', () => {
  expect(disorderOf(withRequests([at(1, 2), at(2, 1), at(3, 3)]))).toEqual([
    'msg_2: sent before msg_1 was through',
    'msg_1: sent again after a later message of its group',
  ]);
});

it('finds a message that was sent while an earlier one was to be tried again', () => {
  const requests = [at(1, 1, 'refused'), at(2, 2), at(3, 1), at(4, 3)];
  expect(disorderOf(withRequests(requests))).toEqual([
    'msg_2: sent before msg_1 was through',
    'msg_1: sent again after a later message of its group',
  ]);
  expect(disorderOf(withRequests([at(1, 1, 'lost'), at(2, 1), at(3, 2), at(4, 3)]))).toEqual([]);
});

it('finds a repetition after a later message, and allows one right after the first', () => {
  expect(disorderOf(withRequests([at(1, 1), at(2, 2), at(3, 1), at(4, 3)]))).toEqual([
    'msg_1: sent again after a later message of its group',
  ]);
  expect(disorderOf(withRequests([at(1, 1), at(2, 1), at(3, 2), at(4, 3)]))).toEqual([]);
});

it('finds a message that overtook one that never came', () => {
  expect(disorderOf(withRequests([at(1, 1), at(2, 3)]))).toEqual(['msg_3: sent before msg_2 was through']);
});

it('compares messages of one key, or of the whole endpoint, or none', () => {
  const swapped = [at(1, 2), at(2, 1), at(3, 3)];
  expect(disorderOf(withRequests(swapped, 'none'))).toEqual([]);
  const otherKey = (order: 'key' | 'all') =>
    withRequests(swapped, order).map((event) =>
      event.kind === 'accepted' && event.messageId === 'msg_2' ? { ...event, key: 'other' } : event,
    );
  expect(disorderOf(otherKey('key'))).toEqual([]);
  expect(disorderOf(otherKey('all'))).toHaveLength(2);
});

it('says nothing about messages that were posted at the same time', () => {
  const together = [aMessage(1, { at: 2_500 }), aMessage(2)];
  expect(disorderOf([anEndpoint({ order: 'key' }), ...together, at(1, 2), at(2, 1)])).toEqual([]);
});

it.each([
  ['exhausted', 'skip', 0],
  ['exhausted', 'block', 1],
  ['aborted', 'block', 0],
  ['retry', 'skip', 1],
] as const)('lets a group go on after a last attempt that was %s, by the policy %s: %i violations', (...given) => {
  const [next, onExhausted, violations] = given;
  const history = [
    anEndpoint({ order: 'key', onExhausted }),
    aMessage(1),
    aMessage(2),
    at(1, 1, 'refused'),
    at(2, 2),
    aRecord(1, { status: 'failed', statusCode: 500, next }),
  ];
  expect(disorderOf(history)).toHaveLength(violations);
});
