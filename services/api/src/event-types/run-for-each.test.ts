import { setImmediate as nextTurn } from 'node:timers/promises';
import { runForEach } from './run-for-each.ts';

const items = Array.from({ length: 50 }, (_, n) => n);

describe('a task for each item', () => {
  it('is run once for each, several at a time', async () => {
    const done: number[] = [];
    let [running, most] = [0, 0];
    await runForEach(items, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
      done.push(item);
    });
    expect(done.toSorted((one, other) => one - other)).toEqual(items);
    expect(most).toBe(8);
  });

  it('is not begun after a failure, which is thrown when those under way have ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failure = new Error('first');
    const run = runForEach(items, async (item) => {
      begun.push(item);
      if (item === 3) throw failure;
      for (let turns = 0; turns < 10; turns += 1) await nextTurn();
      ended.push(item);
      if (item === 5) throw new Error('second');
    });
    await expect(run).rejects.toBe(failure);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(ended).toEqual([0, 1, 2, 4, 5, 6, 7]);
  });
});
