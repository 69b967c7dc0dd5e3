import { decideRun, maxDeathsInTurn, patienceWithDeathsMs, turnsAfterMs } from './decide-run.ts';

const since = new Date('2026-01-01T00:00:00Z');
const after = (ms: number): Date => new Date(since.getTime() + ms);
const late = after(patienceWithDeathsMs);

describe('how a job runs that came back', () => {
  it.each([
    ['with others if no run of it failed to end', undefined, late, 'with-others'],
    ['alone after a run that did not end', { all: 1, alone: 0, inTurn: 0 }, late, 'alone'],
    ['alone, however often others may have been the cause', { all: 50, alone: 0, inTurn: 0 }, late, 'alone'],
    ['alone, however often it died, for minutes', { all: 50, alone: 50, inTurn: 0 }, after(turnsAfterMs - 1), 'alone'],
    ['in turn, if its worker died while it was alone', { all: 2, alone: 1, inTurn: 0 }, after(turnsAfterMs), 'in-turn'],
    [
      'in turn, however long ago it died alone',
      { all: 50, alone: 50, inTurn: 0 },
      after(10 * patienceWithDeathsMs),
      'in-turn',
    ],
    ['in turn, until it has died so three times', { all: 50, alone: 50, inTurn: maxDeathsInTurn - 1 }, late, 'in-turn'],
    [
      'in turn, however often it died, for some time',
      { all: 50, alone: 50, inTurn: 50 },
      after(patienceWithDeathsMs - 1),
      'in-turn',
    ],
    ['not at all if it was the cause again and again', { all: 6, alone: 5, inTurn: maxDeathsInTurn }, late, 'doomed'],
  ])('%s', (_, runs, now, decision) => expect(decideRun(runs && { ...runs, since }, now)).toBe(decision));
});
