import { createRowCache } from './row-cache.ts';

const item = (id: string) => ({ id: { S: id } });

it('knows an item as soon as its write is durable, and not before', () => {
  const rows = createRowCache(1_000_000);
  rows.keep('row', item('old'), 10);
  const write = rows.begin('row', item('new'), 10);
  expect(rows.find('row')).toBeUndefined();
  // What is read now may be older than the write.
  rows.keep('row', item('old'), 10);
  expect(rows.find('row')).toBeUndefined();
  write.succeeded();
  expect(rows.find('row')).toMatchObject({ item: item('new') });
});

it('knows nothing of a row after a failed write', () => {
  const rows = createRowCache(1_000_000);
  rows.keep('row', item('old'), 10);
  rows.begin('row', item('new'), 10).failed();
  expect(rows.find('row')).toBeUndefined();
});

it('waits for the last of several writes', () => {
  const rows = createRowCache(1_000_000);
  const [first, second] = [rows.begin('row', item('1'), 10), rows.begin('row', undefined, 0)];
  first.succeeded();
  expect(rows.find('row')).toBeUndefined();
  second.succeeded();
  expect(rows.find('row')).toMatchObject({ item: undefined });
});

it('forgets the items that were not used lately, and keeps no large ones', () => {
  const rows = createRowCache(100_000);
  rows.keep('large', item('large'), 50_000);
  expect(rows.find('large')).toBeUndefined();
  rows.keep('used', item('used'), 1_000);
  for (let number = 0; number < 500; number += 1) {
    rows.keep(`row-${number}`, item(String(number)), 1_000);
    expect(rows.find('used')).toBeDefined();
  }
  const kept = Array.from({ length: 500 }, (_, number) => rows.find(`row-${number}`)).filter((found) => found);
  expect(kept.length).toBeGreaterThan(20);
  expect(kept.length).toBeLessThan(100);
});
