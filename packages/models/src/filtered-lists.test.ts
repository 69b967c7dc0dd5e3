import type { PageRequest } from '@posthorn/core';
import { aMessage, anAttempt, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { walkPages } from '@posthorn/testing/contract/walk-list';
import { createAttemptRepository } from './attempts.ts';
import { createEndpointRepository } from './endpoints.ts';
import { createMessageRepository } from './messages.ts';
import { createTestStore } from './test-store.ts';

const now = secondsLater(3_600);
const maxRowsRead = 20;
const numbers = Array.from({ length: 90 }, (_, n) => n);
const start = { limit: 10, direction: 'forward' } as const;

it('passes over messages that do not match in bounded reads, and misses no match', async () => {
  const messages = createMessageRepository({ ...(await createTestStore('messages')), maxRowsRead });
  const tagged = numbers.map((n) => aMessage({ messageId: nthId('message', n), tags: n % 40 === 0 ? ['rare'] : [] }));
  for (const message of tagged) await messages.insert(message);
  const pages = await walkPages(
    (page) => messages.list(ids.application, { ...page, tag: 'rare', withBody: false }, now),
    ({ messageId }) => messageId,
    start,
  );
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flat().map(({ messageId }) => messageId)).toEqual([80, 40, 0].map((n) => nthId('message', n)));
});

it('passes over attempts that do not match in bounded reads, and misses no match', async () => {
  const attempts = createAttemptRepository({ ...(await createTestStore('attempts', 'endpoints')), maxRowsRead });
  const made = numbers.map((n) =>
    anAttempt({ attemptId: nthId('attempt', n), status: n % 40 === 0 ? 'failed' : 'succeeded' }),
  );
  for (const attempt of made) await attempts.record(attempt);
  const failed = { status: 'failed', withResponse: false } as const;
  const expected = [80, 40, 0].map((n) => nthId('attempt', n));
  for (const list of [
    (page: PageRequest) => attempts.listByEndpoint(ids.endpoint, { ...page, ...failed }, now),
    (page: PageRequest) =>
      attempts.listByMessage(ids.message, { ...page, ...failed, applicationId: ids.application }, now),
  ]) {
    const pages = await walkPages(list, ({ attemptId }) => attemptId, start);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().map(({ attemptId }) => attemptId)).toEqual(expected);
  }
});

it('ends pages of long messages early, in both directions, and misses none', async () => {
  const messages = createMessageRepository(await createTestStore('messages'));
  const body = JSON.stringify({ text: 'x'.repeat(300_000) });
  const inserted = numbers.slice(0, 60).map((n) => aMessage({ messageId: nthId('message', n), body }));
  for (const message of inserted) await messages.insert(message);
  const all = inserted.map(({ messageId }) => messageId).toReversed();
  const list = (page: PageRequest) => messages.list(ids.application, { ...page, withBody: true }, now);
  for (const direction of ['forward', 'backward'] as const) {
    const pages = await walkPages(list, ({ messageId }) => messageId, { limit: 60, direction });
    const walked = direction === 'forward' ? pages : pages.toReversed();
    expect(pages.map(({ length }) => length)).toEqual([14, 14, 14, 14, 4]);
    expect(walked.flat().map(({ messageId }) => messageId)).toEqual(all);
    expect(pages.flat().every((message) => message.body === body)).toBe(true);
  }
});

it('passes over endpoints of the other mode in bounded reads, and misses no match', async () => {
  const endpoints = createEndpointRepository({ ...(await createTestStore('endpoints')), maxRowsRead });
  for (const n of numbers) {
    const order = n % 40 === 0 ? { order: { onExhausted: 'block' as const } } : {};
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n), ...order }));
  }
  const pages = await walkPages(
    (page) => endpoints.list(ids.application, { ...page, mode: 'fifo', order: 'ascending' }),
    ({ endpointId }) => endpointId,
    start,
  );
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flat().map(({ endpointId }) => endpointId)).toEqual([0, 40, 80].map((n) => nthId('endpoint', n)));
});
