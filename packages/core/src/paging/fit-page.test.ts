import { fitPage } from './fit-page.ts';

const page = { items: [3, 4, 5], done: true, resumeAt: 'x' };
const fitted = (direction: 'forward' | 'backward', maxBytes: number) =>
  fitPage(page, { direction, maxBytes, bytesOf: (bytes) => bytes });

describe('a page with a size limit', () => {
  it('stays as it is if it fits', () => expect(fitted('forward', 12)).toBe(page));

  it('ends earlier in the direction of the list if it does not fit, and continues from there', () => {
    expect(fitted('forward', 11)).toEqual({ items: [3, 4], done: false });
    expect(fitted('backward', 11)).toEqual({ items: [4, 5], done: false });
  });

  it('has at least one item', () => {
    expect(fitted('forward', 1)).toEqual({ items: [3], done: false });
    expect(fitted('backward', 1)).toEqual({ items: [5], done: false });
  });
});
