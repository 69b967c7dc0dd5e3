import { pauseBeforeRestart } from './pause-before-restart.ts';

const deaths = [0, 1, 2, 3, 4, 50, 2_000];

it('is short however often a process dies that was ready each time', () => {
  const pauses = deaths.map((earlierDeaths) => pauseBeforeRestart({ earlierDeaths, fruitless: 0 }));
  expect(pauses).toEqual([0, 200, 200, 200, 200, 200, 200]);
});

it('grows for a process that does not get ready, and begins short whatever was before', () => {
  const pauses = deaths.map((fruitless) => pauseBeforeRestart({ earlierDeaths: 50 + fruitless, fruitless }));
  expect(pauses.slice(1)).toEqual([200, 400, 800, 1_600, 5_000, 5_000]);
});
