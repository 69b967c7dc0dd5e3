import { planPace, roundsIn } from './plan-pace.ts';

it.each([
  [300, 12, 25],
  [14_000, 28, 500],
  [14_000, 60, 233],
  [100_000, 40, 2_500],
])('posts %i messages with %i a second in about %i s', (messages, perSecond, seconds) => {
  const pace = planPace({ messages, perSecond: perSecond === 60 ? 60 : 12, settleMs: 0 });
  expect({ ...pace, seconds: Math.round(pace.seconds) }).toMatchObject({ perSecond, seconds });
});

it('gives more messages more time to settle', () => {
  expect(planPace({ messages: 100_000, perSecond: 12, settleMs: 150_000 }).settleMs).toBe(750_000);
});

it('repeats what fits into the time, and does everything once', () => {
  expect([5, 100, 250].map((seconds) => roundsIn({ seconds }, 100))).toEqual([1, 1, 2]);
});
