import type { StorageState } from '@posthorn/local-storage';
import { reportState } from './report-state.ts';

it('logs once when writes are refused, and once when they work again', async () => {
  const lines: string[] = [];
  let state: StorageState = { writable: true };
  let looks = 0;
  const storage = {
    state: () => {
      looks += 1;
      return state;
    },
  };
  const looked = async () => {
    for (const until = looks + 3; looks < until; ) await new Promise((resolve) => setImmediate(resolve));
  };
  const stop = reportState(storage, (line) => lines.push(line), 1);
  await looked();
  state = { writable: false, cause: 'full', reason: 'The disk is full' };
  await looked();
  state = { writable: true };
  await looked();
  stop();
  expect(lines).toEqual([
    'Warning: New messages are refused with 503. The disk is full',
    'Warning: New messages are accepted again',
  ]);
});
