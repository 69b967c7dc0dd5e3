import { median, percentile } from './figures.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

it.each([
  [0.5, 50],
  [0.95, 95],
  [0.99, 99],
  [1, 100],
  [0, 1],
])('finds the percentile %d', (part, value) => {
  expect(percentile(hundred, part)).toBe(value);
});

it('finds the median of a few values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(() => median([])).toThrow('no values');
});
