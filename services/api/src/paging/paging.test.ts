import { lowestIdAt } from '@posthorn/core';
import { nthId, secondsLater } from '@posthorn/testing';
import { toListAnswer } from './list-answer.ts';
import { readPageRequest } from './page-request.ts';
import { readTimeWindow } from './time-window.ts';

const anyIterator = () => true;
const answerOf = (parts: Partial<Parameters<typeof toListAnswer<string, string>>[0]>) =>
  toListAnswer({
    direction: 'forward',
    page: { items: ['b', 'c'], done: false },
    idOf: (item: string) => item,
    toRow: (item: string) => item.toUpperCase(),
    ...parts,
  });

describe('a page request', () => {
  it('is for 50 rows from the start by default', () => {
    expect(readPageRequest({}, anyIterator)).toEqual({ limit: 50, direction: 'forward' });
  });

  it('goes back from an iterator with a minus', () => {
    expect(readPageRequest({ iterator: '-x' }, anyIterator)).toMatchObject({ direction: 'backward', iterator: 'x' });
  });

  it.each([{ limit: 0 }, { limit: 251 }, { iterator: 'x' }])('refuses %j', (query) => {
    expect(() => readPageRequest(query, () => false)).toThrow();
  });
});

describe('a list answer', () => {
  it('continues after its last row, and goes back before its first', () => {
    expect(answerOf({})).toEqual({ data: ['B', 'C'], iterator: 'c', prevIterator: '-b', done: false });
  });

  it('has no prevIterator if it is empty', () => {
    expect(answerOf({ page: { items: [], done: true } })).toEqual({ data: [], iterator: null, done: true });
  });

  it('continues where a bounded read has ended', () => {
    expect(answerOf({ page: { items: [], done: false, resumeAt: 'm' } })).toMatchObject({ iterator: 'm', done: false });
  });

  it('goes further back where a bounded read has ended', () => {
    const page = { items: ['b'], done: false, resumeAt: 'a' };
    expect(answerOf({ page, direction: 'backward' })).toMatchObject({ iterator: 'b', prevIterator: '-a' });
  });

  it('ends before it exceeds the size limit of an answer, in the direction of the list', () => {
    const page = { items: ['a', 'b', 'c'], done: true };
    const toRow = () => 'x'.repeat(2_000_000);
    const rest = { prevIterator: '-a', iterator: 'b', done: false };
    expect(answerOf({ page, toRow })).toEqual({ data: [toRow(), toRow()], ...rest });
    const back = answerOf({ page, toRow, direction: 'backward' });
    expect(back).toMatchObject({ prevIterator: '-b', iterator: 'c', done: false });
  });

  it('counts a quote twice, because a function responds with the answer as a JSON string', () => {
    const page = { items: ['a', 'b', 'c'], done: true };
    expect(answerOf({ page, toRow: () => '"'.repeat(1_250_000) })).toMatchObject({ iterator: 'a', done: false });
    expect(answerOf({ page, toRow: () => '"'.repeat(1_240_000) })).toMatchObject({ iterator: 'b', done: false });
  });
});

describe('a time-limited list', () => {
  it('is read backward if only `after` is given', () => {
    expect(readTimeWindow({ after: secondsLater(1) }, 'message')).toMatchObject({ direction: 'backward' });
  });

  it('is read forward from an iterator', () => {
    const iterator = lowestIdAt('message', secondsLater(1));
    expect(readTimeWindow({ iterator, after: secondsLater(0) }, 'message')).toMatchObject({ direction: 'forward' });
  });

  it('begins and ends within the times that ids can carry', () => {
    const window = readTimeWindow(
      { after: new Date(-62_198_755_200_000), before: new Date('+010000-01-01') },
      'message',
    );
    expect(window.after).toEqual(new Date('2014-05-13T16:53:20Z'));
    expect(window.before).toEqual(new Date('2150-01-01T00:00:00Z'));
  });

  it('refuses an iterator of another kind', () => {
    expect(() => readTimeWindow({ iterator: nthId('endpoint', 1) }, 'message')).toThrow('iterator');
  });
});
