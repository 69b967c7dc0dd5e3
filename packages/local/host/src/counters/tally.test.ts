import { createTally } from './tally.ts';

it('adds up what all functions count, by name, outcome and application', () => {
  const tally = createTally();
  const [one, other] = [tally.createCounters('one'), tally.createCounters('other')];
  one.add('AttemptsSucceeded', 1, { applicationId: 'app_1', outcome: 'accepted' });
  other.add('AttemptsFailed', 1, { applicationId: 'app_1', outcome: 'timeout' });
  other.add('AttemptsFailed', 1, { applicationId: 'app_2', outcome: 'timeout' });
  one.add('MessagesFannedOut', 1, { applicationId: 'app_2' });
  one.add('DeliveriesQueued', 3);
  one.flush();
  expect(Object.fromEntries(tally.sums())).toEqual({
    AttemptsSucceeded: 1,
    AttemptsFailed: 2,
    MessagesFannedOut: 1,
    DeliveriesQueued: 3,
  });
  expect([tally.sumOf('DeliveriesQueued'), tally.sumOf('Nothing')]).toEqual([3, 0]);
  expect([...tally.outcomes()]).toEqual([
    ['accepted', 1],
    ['timeout', 2],
  ]);
  expect(Object.fromEntries(tally.applications())).toEqual({
    app_1: { accepted: 0, delivered: 1, failedAttempts: 1 },
    app_2: { accepted: 1, delivered: 0, failedAttempts: 1 },
  });
});

it('keeps a limited number of applications', () => {
  const tally = createTally(2);
  const { add } = tally.createCounters('one');
  for (const applicationId of ['app_1', 'app_2', 'app_1', 'app_3']) add('AttemptsSucceeded', 1, { applicationId });
  expect([...tally.applications()].map(([id]) => id)).toEqual(['app_2', 'app_3']);
  expect(tally.sumOf('AttemptsSucceeded')).toBe(4);
});
