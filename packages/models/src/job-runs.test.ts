import { secondsLater } from '@posthorn/testing';
import { createJobRunRepository } from './job-runs.ts';
import { createTestStore } from './test-store.ts';

it('counts the runs of jobs that began and did not end', async () => {
  const runs = createJobRunRepository(await createTestStore('job-runs'));
  const now = secondsLater(0);
  await runs.begin('a', { how: 'with-others', now });
  await runs.begin('a', { how: 'alone', now: secondsLater(120) });
  await runs.begin('a', { how: 'in-turn', now: secondsLater(240) });
  await runs.begin('b', { how: 'alone', now });
  expect(await runs.find(['a', 'b', 'c'])).toEqual(
    new Map([
      ['a', { all: 3, alone: 2, inTurn: 1, since: now }],
      ['b', { all: 1, alone: 1, inTurn: 0, since: now }],
    ]),
  );
  await runs.end('a');
  await runs.end('a');
  expect([...(await runs.find(['a', 'b'])).keys()]).toEqual(['b']);
  expect(await runs.find([])).toEqual(new Map());
});
