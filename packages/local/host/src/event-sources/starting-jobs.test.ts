import { createStartingJobs } from './starting-jobs.ts';

let now = 0;
beforeEach(() => {
  now = 0;
});

it('counts a job for 50 ms, and then assumes that it waits for its endpoint', () => {
  const jobs = createStartingJobs(2, () => now);
  jobs.start();
  now = 20;
  jobs.start();
  expect([jobs.room(), jobs.nextMs()]).toEqual([0, 30]);
  now = 50;
  expect([jobs.room(), jobs.nextMs()]).toEqual([1, 20]);
  now = 70;
  expect([jobs.room(), jobs.nextMs()]).toEqual([2, undefined]);
});

it('counts an ended job no longer, and no job twice', () => {
  const jobs = createStartingJobs(2, () => now);
  const end = jobs.start();
  end();
  end();
  expect([jobs.room(), jobs.nextMs()]).toEqual([2, undefined]);
  const late = jobs.start();
  now = 60;
  expect(jobs.room()).toBe(2);
  late();
  expect(jobs.room()).toBe(2);
});

it('keeps no list of the jobs that have ended', () => {
  const jobs = createStartingJobs(1, () => now);
  for (let count = 0; count < 5_000; count += 1) {
    expect(jobs.room()).toBe(1);
    jobs.start()();
  }
});
