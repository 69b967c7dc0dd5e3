import { createStartingJobs } from './starting-jobs.ts';

let idle = 0;
let now = 0;
const clock = { idle: () => idle, now: () => now };
beforeEach(() => {
  [idle, now] = [0, 0];
});

it('counts a job until the event loop has had nothing to do since', () => {
  const jobs = createStartingJobs(2, 2, clock);
  jobs.start('a');
  [idle, now] = [4, 200];
  jobs.start('b');
  expect([jobs.room(), jobs.nextMs()]).toEqual([0, 5]);
  idle = 5;
  expect(jobs.room()).toBe(1);
  idle = 9;
  expect([jobs.room(), jobs.nextMs()]).toEqual([2, undefined]);
});

it('counts a job no longer than a quarter of a second in a loop that is never idle', () => {
  const jobs = createStartingJobs(1, 1, clock);
  jobs.start('a');
  now = 249;
  expect(jobs.room()).toBe(0);
  now = 250;
  expect(jobs.room()).toBe(1);
});

it('leaves room for other applications', () => {
  const jobs = createStartingJobs(4, 2, clock);
  const end = jobs.start('a');
  jobs.start('a');
  expect([jobs.mayStart('a'), jobs.mayStart('b')]).toEqual([false, true]);
  end();
  expect(jobs.mayStart('a')).toBe(true);
});

it('counts an ended job no longer, and no job twice', () => {
  const jobs = createStartingJobs(2, 2, clock);
  const end = jobs.start('a');
  end();
  end();
  expect([jobs.room(), jobs.nextMs()]).toEqual([2, undefined]);
  const late = jobs.start('a');
  idle = 5;
  expect(jobs.room()).toBe(2);
  late();
  expect(jobs.room()).toBe(2);
});

it('keeps no list of the jobs that have ended', () => {
  const jobs = createStartingJobs(1, 1, clock);
  for (let count = 0; count < 5_000; count += 1) {
    expect(jobs.room()).toBe(1);
    jobs.start('a')();
  }
});
