import { fitPage } from './fit-page.ts';

const page = { items: [3, 4, 5], done: true, resumeAt: 'x' };
const fitted = (direction: 'forward' | 'backward', maxBytes: number) =>
  fitPage(page, { direction, maxBytes, bytesOf: (bytes) => bytes });

describe('a page that has to fit', () => {
  it('stays as it is when it does', () => expect(fitted('forward', 12)).toBe(page));

  it('ends earlier in the walk’s direction when it does not, and goes on from there', () => {
    expect(fitted('forward', 11)).toEqual({ items: [3, 4], done: false });
    expect(fitted('backward', 11)).toEqual({ items: [4, 5], done: false });
  });

  it('has one item at least', () => {
    expect(fitted('forward', 1)).toEqual({ items: [3], done: false });
    expect(fitted('backward', 1)).toEqual({ items: [5], done: false });
  });
});
