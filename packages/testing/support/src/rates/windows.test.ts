import { countInWindows } from './windows.ts';

describe('counting events in windows', () => {
  it('finds the fullest and the emptiest one', () => {
    const even = Array.from({ length: 31 }, (_, n) => n * 100);
    expect(countInWindows(even, 1_000)).toEqual({ most: 10, fewest: 10 });
    expect(countInWindows([...even, 1_550, 1_551], 1_000)).toEqual({ most: 12, fewest: 10 });
    expect(
      countInWindows(
        even.filter((time) => time < 1_000 || time > 1_500),
        1_000,
      ),
    ).toEqual({ most: 10, fewest: 4 });
  });

  it('counts nothing if all events are in less than one window', () => {
    expect(countInWindows([0, 10, 20], 1_000)).toEqual({ most: 0, fewest: 3 });
  });
});
