import { messageIn } from '@posthorn/contracts/api/message';
import * as z from 'zod/mini';
import { checkEvent } from './check-event.ts';
import type { OutboxEvent } from './event.ts';

const valid: OutboxEvent = { application: 'shop', eventType: 'order.created', payload: {}, orderingKey: 'order-1' };
const problemsOf = (overrides: object): readonly string[] => {
  try {
    checkEvent({ ...valid, ...overrides });
    return [];
  } catch (error) {
    // `checkEvent` throws nothing else.
    return (error as { readonly problems: readonly string[] }).problems;
  }
};

/** Values of what the HTTP API has too. */
const values: readonly (readonly [field: string, value: unknown])[] = [
  ...[
    'a',
    'order.paid',
    'A-b_c.9',
    '',
    '.',
    '..',
    '...',
    '.a',
    'a b',
    'ä',
    'x'.repeat(256),
    'x'.repeat(257),
    7,
    null,
  ].map((value) => ['eventType', value] as const),
  ...['a', 'msg_1', 'xmsg_1', '', '.', '..', '..msg_1', 'a/b', 'x'.repeat(257), 7].map(
    (value) => ['eventId', value] as const,
  ),
  ...[['a'], ['a:b+c'], ['a b'], [''], [7], 'a', Array.from({ length: 10 }, String), ['x'.repeat(129)]].map(
    (value) => ['channels', value] as const,
  ),
  ...[['a b'], ['é'], [''], [7], ['x'.repeat(128)], ['x'.repeat(129)]].map((value) => ['tags', value] as const),
  ...[{}, { a: 1 }, [], null, 7].map((value) => ['payload', value] as const),
];

it.each(values)('agrees with the HTTP API about %s %j', (field, value) => {
  const isAccepted = z.safeParse(messageIn, { eventType: 'a', payload: {}, [field]: value }).success;
  expect(problemsOf({ [field]: value }).length === 0).toBe(isAccepted);
});

it.each([
  ['application', ''],
  ['application', undefined],
  ['application', '.'],
  ['application', '..'],
  ['orderingKey', ''],
  ['orderingKey', 'x'.repeat(2_049)],
  ['orderingKey', '\ud800'],
  ['orderingKey', 7],
  ['channels', Array.from({ length: 11 }, (_, n) => `c${n}`)],
  ['tags', Array.from({ length: 11 }, (_, n) => `t${n}`)],
  ['organisation', 'shop'],
  ['stage', 'a/b'],
  ['payload', undefined],
  ['payload', '{'],
  ['payload', '[1]'],
  ['payload', { n: 1n }],
  ['payload', () => 1],
  ['payload', '{"a":"\ud800"}'],
])('refuses %s %p and says which field it is', (field, value) => {
  expect(problemsOf({ [field]: value })).toEqual([expect.stringMatching(new RegExp(`^${field} must `))]);
});

it('accepts lists that are empty, or have ten different values', () => {
  const tags = [...Array.from({ length: 10 }, (_, n) => `t${n}`), 't0'];
  expect(checkEvent({ ...valid, channels: [], tags })).toMatchObject({ channels: undefined, tags: tags.slice(0, 10) });
});

it('accepts a payload up to what fits into an item, in bytes', () => {
  const payloadOf = (bytes: number) => ({ text: `x${'é'.repeat((bytes - '{"text":"x"}'.length) / 2)}` });
  expect(problemsOf({ payload: payloadOf(393_216) })).toEqual([]);
  expect(problemsOf({ payload: payloadOf(393_218) })).toEqual([
    'payload must be at most 393216 bytes as JSON, and has 393218',
  ]);
});

it('names all problems in one error', () => {
  expect(() => checkEvent({ ...valid, eventType: '', orderingKey: '' })).toThrow(
    /^The event cannot be put into the outbox: eventType must .*; orderingKey must /,
  );
});
