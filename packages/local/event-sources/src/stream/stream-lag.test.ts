import { createStreamLag } from './stream-lag.ts';

const at = (second: number) => new Date(second * 1_000);

it('is the earliest time of all parts', () => {
  const lag = createStreamLag(at(0));
  expect(lag.since()).toBeUndefined();
  lag.watch(() => undefined);
  expect(lag.since()).toBeUndefined();
  lag.watch(() => at(20));
  const unwatch = lag.watch(() => at(10));
  expect(lag.since()).toEqual(at(10));
  unwatch();
  expect(lag.since()).toEqual(at(20));
});

it('does not count the time before the mapping began to run', () => {
  const lag = createStreamLag(at(15));
  lag.watch(() => at(10));
  expect(lag.since()).toEqual(at(15));
});
