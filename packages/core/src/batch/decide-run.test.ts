import { decideRun, maxDeathsAlone } from './decide-run.ts';

describe('how a job runs that came back', () => {
  it.each([
    ['with others if no run of it failed to end', { all: 0, alone: 0 }, 'with-others'],
    ['alone after a run that did not end', { all: 1, alone: 0 }, 'alone'],
    ['alone again, if that was the cause once', { all: 2, alone: 1 }, 'alone'],
    ['alone, however often others may have been the cause', { all: 50, alone: maxDeathsAlone - 1 }, 'alone'],
    ['not at all if it was the cause again and again', { all: 4, alone: maxDeathsAlone }, 'doomed'],
  ])('%s', (_, unended, decision) => expect(decideRun(unended)).toBe(decision));
});
