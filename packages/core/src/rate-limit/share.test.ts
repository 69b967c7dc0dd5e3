import { shareOf, withinLimit } from './share.ts';

describe('a share of a limit', () => {
  it.each([
    [1, 1],
    [39, 1],
    [100, 5],
  ])('of %d requests a second is %d', (perSecond, share) => expect(shareOf(perSecond)).toBe(share));

  it.each([
    [5, 5],
    [10, 5],
    [12, 3],
    [15, 0],
    [500, 0],
  ])('is within a limit of 10, as far as it fits: at %d in all, %d', (total, granted) => {
    expect(withinLimit({ perSecond: 10, share: 5, total })).toBe(granted);
  });
});
