import { createBloomFilter } from './bloom-filter.ts';

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `r/000004/6170705f334d674a/${(from + index).toString(16)}/`);
const wrong = (filter: ReturnType<typeof createBloomFilter>, texts: readonly string[]) =>
  texts.filter((text) => filter.mayHave(text)).length / texts.length;

it('has every text that was added, also after it has grown', () => {
  const filter = createBloomFilter(1_024, 64 * 1_024);
  const texts = rows(0, 50_000);
  for (const text of texts) filter.add(text);
  expect(texts.every((text) => filter.mayHave(text))).toBe(true);
});

it('knows nearly all texts that were not added', () => {
  const filter = createBloomFilter(1_024, 64 * 1_024);
  expect(wrong(filter, rows(0, 1_000))).toBe(0);
  for (const text of rows(0, 25_000)) filter.add(text);
  expect(wrong(filter, rows(25_000, 25_000))).toBeLessThan(0.1);
});

it('is only less exact when it has more texts than it may have bytes for', () => {
  const filter = createBloomFilter(1_024, 1_024);
  const texts = rows(0, 2_000);
  for (const text of texts) filter.add(text);
  expect(texts.every((text) => filter.mayHave(text))).toBe(true);
  expect(wrong(filter, rows(2_000, 2_000))).toBeLessThan(0.4);
});
